import { test } from '@japa/runner'
import { ProgressBar } from '#providers/cli/index'

function bench({ isTTY = false, columns = 80, total = 100, label = 'Indexing' } = {}) {
  const written: string[] = []
  const clock = { time: 0 }
  const stream = { isTTY, columns, write: (text: string) => void written.push(text) }
  const bar = new ProgressBar({ total, label, stream, now: () => clock.time })
  return { bar, written, clock, stream }
}

const CLEAR_REST = '\u001b[K'

test.group('ProgressBar on a terminal', () => {
  test('draws bar, count, percent, time left and detail in place', ({ assert }) => {
    const { bar, written, clock } = bench({ isTTY: true })
    clock.time = 30_000
    bar.advance(25, 'posts 1 to 25')

    assert.lengthOf(written, 1)
    assert.match(written[0], /^\rIndexing █+░+ 25\/100 25 % 1 min 30 s left posts 1 to 25/)
    assert.isTrue(written[0].endsWith(CLEAR_REST))
  })

  test('does not draw more often than an eye can see', ({ assert }) => {
    const { bar, written, clock } = bench({ isTTY: true, total: 1000 })
    for (let i = 0; i < 1000; i++) {
      clock.time += 1
      bar.advance()
    }
    assert.isAtMost(written.length, 14)
  })

  test('ends the line once, with the time it took', ({ assert }) => {
    const { bar, written, clock } = bench({ isTTY: true })
    clock.time = 12_000
    bar.advance(100, 'the last')
    bar.finish()
    bar.finish()
    bar.advance()

    assert.lengthOf(written, 2)
    assert.isTrue(written[1].endsWith(` 100/100 100 % in 12 s${CLEAR_REST}\n`))
  })

  test('clips to the width of the terminal, wide characters too', ({ assert }) => {
    const { bar, written, stream, clock } = bench({ isTTY: true, columns: 40, label: '写真' })
    bar.advance(50, '東京'.repeat(40))
    stream.columns = 10
    clock.time = 5_000
    bar.advance(1, 'x'.repeat(200))

    const cells = written.map(
      (text) =>
        text
          .replace('\r', '')
          .replace(CLEAR_REST, '')
          .replace(/[\u2e80-\ua4cf]/g, 'xx').length
    )
    assert.isAtMost(cells[0], 39)
    assert.isAtMost(cells[1], 9)
  })

  test('keeps a detail on one line and its escapes out of the terminal', ({ assert }) => {
    const { bar, written } = bench({ isTTY: true })
    bar.advance(1, 'a\nb\x1b[31mc')
    assert.include(written[0], 'a b [31mc')
    assert.notInclude(written[0], '\n')
  })
})

test.group('ProgressBar in a log', () => {
  test('prints a line for each tenth when the work is slow', ({ assert }) => {
    const { bar, written, clock } = bench()
    for (let i = 0; i < 100; i++) {
      clock.time += 500
      bar.advance()
    }
    bar.finish()

    assert.lengthOf(written, 11)
    assert.equal(written[0], 'Indexing 10/100 10 % 45 s left\n')
    assert.equal(written[10], 'Indexing 100/100 100 % in 50 s\n')
  })

  test('prints only the end when the work is fast', ({ assert }) => {
    const { bar, written } = bench()
    for (let i = 0; i < 100; i++) bar.advance()
    assert.lengthOf(written, 0)

    bar.finish()
    assert.deepEqual(written, ['Indexing 100/100 100 % in 0 s\n'])
  })

  test('gives a sign of life while a tenth takes long', ({ assert }) => {
    const { bar, written, clock } = bench({ total: 1_000_000 })
    for (let i = 0; i < 30; i++) {
      clock.time += 1_000
      bar.advance()
    }
    assert.lengthOf(written, 3)
  })
})

test.group('ProgressBar never gets in the way', () => {
  test('survives nothing to do, too much done and a step back', ({ assert }) => {
    const nothing = bench({ total: 0 })
    nothing.bar.finish()
    assert.deepEqual(nothing.written, ['Indexing 0/0 100 % in 0 s\n'])

    const much = bench({ total: 2 })
    much.bar.advance(5)
    much.bar.finish()
    assert.deepEqual(much.written, ['Indexing 5/2 100 % in 0 s\n'])

    const back = bench({ total: 2, isTTY: true })
    back.bar.advance(-5)
    assert.include(back.written[0], ' 0/2 0 %')
  })

  test('says how far it came when it stops early', ({ assert }) => {
    const { bar, written } = bench()
    bar.advance(40)
    bar.finish()
    assert.deepEqual(written, ['Indexing 40/100 40 % in 0 s\n'])
  })

  test('leaves a failing stream alone', ({ assert }) => {
    let attempts = 0
    const write = () => {
      attempts++
      throw new RangeError('gone')
    }
    const bar = new ProgressBar({ total: 2, label: 'Indexing', stream: { write, isTTY: true } })
    bar.advance()
    bar.advance()
    bar.finish()
    assert.equal(attempts, 1)
  })
})
