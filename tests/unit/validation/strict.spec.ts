import { test } from '@japa/runner'
import vine from '@vinejs/vine'
import { graphemes, inputLimits, minGraphemes, normalized, refuseStrangeInput } from '#providers/validation/index'

const validator = vine.create({
  name: vine.string().optional(),
  note: vine.string().nullable().optional(),
  kind: vine.enum(['a', 'b']).optional(),
  items: vine.array(vine.object({ id: vine.string() })).optional(),
  labels: vine.record(vine.string()).optional(),
})

function complaints(data: unknown, { closed = true } = {}): string[] {
  try {
    refuseStrangeInput(data, validator.toJSONSchema(), { closed })
    return []
  } catch (error) {
    return error.messages.map(({ field, rule }: Record<string, string>) => `${field} ${rule}`)
  }
}

test.group('Strict validation', () => {
  test('lets pass what the schema names', ({ assert }) => {
    const data = { name: 'x', note: null, kind: 'a', items: [{ id: '1' }, { id: '2' }], labels: { any: 'thing' } }
    assert.deepEqual(complaints(data), [])
    assert.deepEqual(complaints({}), [])
  })

  test('names unknown fields, nested ones too', ({ assert }) => {
    const data = { nmae: 'x', items: [{ id: '1' }, { id: '2', extra: 1 }] }
    assert.deepEqual(complaints(data), ['nmae unknown', 'items.1.extra unknown'])
    assert.deepEqual(complaints(JSON.parse('{"constructor": 1, "toString": 2}')), [
      'constructor unknown',
      'toString unknown',
    ])
  })

  test('leaves unknown fields of a query alone, and still looks at their text', ({ assert }) => {
    assert.deepEqual(complaints({ utm: 'x' }, { closed: false }), [])
    assert.deepEqual(complaints({ utm: 'a\0' }, { closed: false }), ['utm text'])
  })

  test('refuses null where the schema does not take it', ({ assert }) => {
    assert.deepEqual(complaints({ name: null, note: null, kind: null }), ['name null', 'kind null'])
  })

  test('refuses text that cannot be kept, in names too', ({ assert }) => {
    assert.deepEqual(complaints({ name: 'a\0b' }), ['name text'])
    assert.deepEqual(complaints({ name: '\ud83d' }), ['name text'])
    assert.deepEqual(complaints({ name: '😀' }), [])
    assert.deepEqual(complaints({ labels: { 'a\0': 'x' } }), ['labels.a\0 text'])
  })

  test('ends at a depth, however deep the body is', ({ assert }) => {
    const nested = (levels: number) => {
      let deep: unknown = 'x'
      for (let n = 0; n < levels; n++) deep = { a: deep }
      return deep
    }
    assert.lengthOf(complaints({ labels: nested(5000) }), 1)
    assert.match(complaints(nested(inputLimits.depth + 1), { closed: false })[0], / depth$/)
    assert.deepEqual(complaints(nested(inputLimits.depth), { closed: false }), [])
  })

  for (const [what, make, rule] of [
    [
      'fields',
      (n: number) => ({ labels: Object.fromEntries(Array.from({ length: n - 1 }, (_, i) => [i, 'x'])) }),
      'fields',
    ],
    ['items', (n: number) => ({ items: Array.from({ length: n }, () => ({ id: 'x' })) }), 'items'],
    ['graphemes', (n: number) => ({ name: '👩‍👩‍👧'.repeat(n) }), 'length'],
  ] as const) {
    test(`bounds the ${what} of a body, and takes as many as that`, ({ assert }) => {
      // A field is also an item's, and there are as many of those as of fields at most.
      const most = what === 'items' ? inputLimits.items - 1 : inputLimits[what]
      assert.deepEqual(complaints(make(most)), [])
      assert.match(complaints(make(inputLimits[what] + 1))[0], new RegExp(` ${rule}$`))
    })
  }

  test('counts the items of all arrays together', ({ assert }) => {
    const arrays = (items: number) => Array.from({ length: 10 }, () => Array(items).fill(1))
    assert.deepEqual(complaints({ labels: arrays(99) }, { closed: false }), [])
    assert.match(complaints({ labels: arrays(100) }, { closed: false })[0], / items$/)
  })

  test('tells of 20 fields at most, and of their names no more than 100 characters', ({ assert }) => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`${n}${'x'.repeat(500)}`, 1]))
    const told = complaints(many)
    assert.lengthOf(told, 20)
    assert.isTrue(told.every((each) => each.length < 120))
  })

  test('composes text, wherever it is, and takes nothing from a prototype', ({ assert }) => {
    assert.deepEqual(normalized({ a: ['e\u0301', { b: 'A\u030a' }], c: 1, d: null }), {
      a: ['é', { b: 'Å' }],
      c: 1,
      d: null,
    })
    const made = normalized(JSON.parse('{"__proto__": {"role": "admin"}}'))
    assert.isUndefined((made as { role?: string }).role)
  })

  test('counts graphemes, and does not count for long', async ({ assert }) => {
    const short = vine.create({ text: vine.string().use(graphemes({ max: 3 })) })
    const fits = async (text: string) => (await short.tryValidate({ text }))[0] === null
    assert.isTrue(await fits('👩‍👩‍👧‍👦🏳️‍🌈e\u0301'))
    assert.isFalse(await fits('four'))
    assert.isFalse(await fits(`a${'\u0301'.repeat(100)}`))
    assert.isTrue(await fits(''))

    const long = vine.create({ text: vine.string().use(minGraphemes(3)) })
    const reaches = async (text: string) => (await long.tryValidate({ text }))[0] === null
    assert.isTrue(await reaches('👩‍👩‍👧‍👦🏳️‍🌈a'))
    assert.isFalse(await reaches('👩‍👩‍👧‍👦🏳️‍🌈'))
    assert.isFalse(await reaches('🙂e\u0301'))
  })
})
