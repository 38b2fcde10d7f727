import { test } from '@japa/runner'
import { UUID, uuidv7 } from '#providers/portable/index'

test.group('uuidv7', () => {
  test('grows from call to call, within a millisecond too', ({ assert }) => {
    let before = uuidv7()
    for (let n = 0; n < 100_000; n++) {
      const next = uuidv7()
      if (next <= before) assert.fail(`${next} came after ${before}`)
      before = next
    }
  })

  test('is of version 7 and variant 10, in lower case, with the time in front', ({ assert }) => {
    const now = Date.now() + 60_000
    const id = uuidv7(now)
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.match(id, UUID)
    assert.equal(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16), now)
  })

  test('keeps growing when the clock is set back', ({ assert }) => {
    const ahead = uuidv7(Date.now() + 120_000)
    assert.isAbove(uuidv7(Date.now()).localeCompare(ahead), 0)
  })

  test('does not repeat itself', ({ assert }) => {
    assert.equal(new Set(Array.from({ length: 50_000 }, () => uuidv7().slice(19))).size, 50_000)
  })
})
