import { test } from '@japa/runner'
import vine from '@vinejs/vine'
import { graphemes, refuseStrangeInput } from '#providers/validation/index'

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
    let deep: unknown = 'x'
    for (let n = 0; n < 5000; n++) deep = { a: deep }
    assert.lengthOf(complaints({ labels: deep }), 1)
  })

  test('counts graphemes, and does not count for long', async ({ assert }) => {
    const short = vine.create({ text: vine.string().use(graphemes({ max: 3 })) })
    const fits = async (text: string) => (await short.tryValidate({ text }))[0] === null
    assert.isTrue(await fits('👩‍👩‍👧‍👦🏳️‍🌈e\u0301'))
    assert.isFalse(await fits('four'))
    assert.isFalse(await fits(`a${'\u0301'.repeat(100)}`))
    assert.isTrue(await fits(''))
  })
})
