import { test } from '@japa/runner'
import { type Gap, levelsAround, place, type Side, spread } from '#providers/nested_set/labels'

const SIDES: Side[] = ['inside', 'after', 'before', 'middle']

test.group('Labels', () => {
  test('lie strictly inside their gap, in order, whenever they fit', ({ assert }) => {
    for (const free of [2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 16, 17, 24, 25, 26, 99, 100, 101, 1000, 2 ** 34, 2 ** 52]) {
      for (const count of [2, 4, 6, 8, 10, 50, 100, 1000].filter((each) => each <= free)) {
        for (const side of SIDES) {
          const { first, step } = place({ after: 7, before: 8 + free }, count, side)!
          assert.isAbove(first, 7, `${free} ${count} ${side}`)
          assert.isAtLeast(step, 1)
          assert.isBelow(first + step * (count - 1), 8 + free, `${free} ${count} ${side}`)
        }
      }
    }
  })

  test('are refused where they do not fit', ({ assert }) => {
    for (const side of SIDES) {
      assert.isNull(place({ after: 0, before: 1 }, 2, side))
      assert.isNull(place({ after: 0, before: 2 }, 2, side))
      assert.isNull(place({ after: 0, before: 10 }, 10, side))
    }
  })

  test('of a hundred thousand siblings fit beside each other, and as many generations', ({ assert }) => {
    for (const [side, next] of [
      ['after', ({ last, gap }) => ({ after: last, before: gap.before })],
      ['before', ({ first, gap }) => ({ after: gap.after, before: first })],
      ['inside', ({ first, last }) => ({ after: first, before: last })],
    ] as [Side, (at: { first: number; last: number; gap: Gap }) => Gap][]) {
      let gap: Gap = { after: -1, before: 2 ** 52 }
      for (let number = 0; number < 100_000; number++) {
        const row = place(gap, 2, side)
        if (!row) return assert.fail(`${side}: ${number}`)
        gap = next({ first: row.first, last: row.first + row.step, gap })
      }
    }
  })

  test('may be spread over ranges around them, each twice as large and sparser', ({ assert }) => {
    for (const label of [-1, 0, 5, 2 ** 20, 2 ** 52 - 1, 2 ** 52]) {
      const levels = levelsAround(label, 52, 1000)
      assert.lengthOf(levels, 52)
      for (const [index, { low, high, capacity }] of levels.entries()) {
        assert.equal(high - low + 1, 2 ** (index + 1))
        assert.equal(low % (high - low + 1), 0)
        assert.isTrue(low <= Math.max(label, 0) && Math.min(label, 2 ** 52 - 1) <= high)
        assert.isBelow(capacity, high - low + 1)
        if (index > 0) assert.isAtLeast(2 * levels[index - 1].capacity, capacity)
      }
      assert.isAtLeast(levels.at(-1)!.capacity, 3999)
    }
  })

  test('are spread evenly over the whole of a range', ({ assert }) => {
    assert.deepEqual(spread(64, 127, 3), { first: 80, step: 16 })
    assert.deepEqual(spread(0, 7, 7), { first: 1, step: 1 })
  })
})
