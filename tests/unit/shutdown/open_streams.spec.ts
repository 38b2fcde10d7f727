import { test } from '@japa/runner'
import { OpenStreams } from '#providers/shutdown/index'

test.group('Open streams', () => {
  test('are ended once, but for those that were left', ({ assert }) => {
    const streams = new OpenStreams()
    const ended: string[] = []
    const leave = streams.add(() => ended.push('left'))
    streams.add(() => ended.push('open'))
    assert.equal(streams.size, 2)
    leave()
    streams.end()
    streams.end()
    assert.deepEqual(ended, ['open'])
    assert.equal(streams.size, 0)
  })

  test('are ended at once when the server is ending already', ({ assert }) => {
    const streams = new OpenStreams()
    streams.end()
    let isEnded = false
    streams.add(() => (isEnded = true))()
    assert.isTrue(isEnded)
    assert.equal(streams.size, 0)
  })
})
