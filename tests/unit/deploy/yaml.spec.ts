import { test } from '@japa/runner'
import { readYaml } from '#tests/deploy/yaml'

test.group('The reader of compose.yaml', () => {
  test('reads maps, lists, quotes and anchors', ({ assert }) => {
    const read = readYaml(
      ['a: &a', '  b: 1', "  c: ['d', 'e: f']", 'g: *a', 'h:', '  - http://i:1', "  - '2'", 'j:', 'k: true'].join('\n')
    )
    const a = { b: 1, c: ['d', 'e: f'] }
    assert.deepEqual(read, { a, g: a, h: ['http://i:1', '2'], j: null, k: true })
  })

  for (const [what, source] of Object.entries({
    'a key twice': 'a: 1\na: 2',
    'an unknown anchor': 'a: *b',
    'a map in a list': 'a:\n  - b: 1',
    'a map in a line': 'a: { b: 1 }',
    'a block of text': 'a: |\n  b',
    'a comment behind a value': 'a: 1 # b',
    'a value that looks like a key': 'a: b: c',
    'an odd indent': 'a:\n    b: 1\n  c: 2',
  })) {
    test(`refuses ${what}`, ({ assert }) => assert.throws(() => readYaml(source), /^Line \d/))
  }
})
