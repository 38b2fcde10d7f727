import { test } from '@japa/runner'
import { ranked } from '#models/explore'

const HOUR = 3_600_000
const NOW = Date.parse('2026-06-01T12:00:00Z')

const post = (id: string, { author = id, likes = 0, comments = 0, hours = 0 }) => {
  return { id, author, likes, comments, createdAt: new Date(NOW - hours * HOUR).toISOString() }
}

test.group('The ranking of what there is to discover', () => {
  test('weighs likes and comments against age', ({ assert }) => {
    const posts = [
      post('new', {}),
      post('liked', { likes: 99, hours: 10 }),
      post('discussed', { comments: 60, hours: 10 }),
      post('old', { likes: 99, hours: 40 }),
    ]
    assert.deepEqual(ranked(posts), ['discussed', 'liked', 'new', 'old'])
  })

  test('does not let one author have all of it', ({ assert }) => {
    const posts = [
      post('a1', { author: 'a', likes: 1000 }),
      post('a2', { author: 'a', likes: 900 }),
      post('a3', { author: 'a', likes: 800 }),
      post('b1', { author: 'b', likes: 20 }),
      post('c1', { author: 'c', likes: 10 }),
    ]
    assert.deepEqual(ranked(posts), ['a1', 'b1', 'c1', 'a2', 'a3'])
  })

  test('is the same each time, also for equals', ({ assert }) => {
    const posts = [post('1', {}), post('3', {}), post('2', {})]
    assert.deepEqual(ranked(posts), ['3', '2', '1'])
    assert.deepEqual(ranked(posts.toReversed()), ['3', '2', '1'])
  })
})
