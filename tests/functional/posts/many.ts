import db from '@adonisjs/lucid/services/db'
import type User from '#models/user'
import { uuidv7 } from '#providers/portable/index'

const AT_ONCE = 500

/** So many albums of one medium each, by the authors in turn, without files: their ids, the oldest first. */
export async function publishMany(authors: User[], count: number, columns: Record<string, string> = {}) {
  const now = new Date().toISOString()
  const times = { created_at: now, updated_at: now }
  const posts = Array.from({ length: count }, (_, index) => {
    const user_id = authors[index % authors.length].id
    return { id: uuidv7(), user_id, caption: '', visibility: 'public', ...times, ...columns }
  })
  const look = {
    width: 4,
    height: 3,
    blurhash: 'L',
    dominant_color: '#123456',
    focal_x: 0.5,
    focal_y: 0.5,
    variants: '[]',
  }
  const media = posts.map(({ id, user_id }) => {
    return { id: uuidv7(), user_id, post_id: id, position: 0, folder: id, ...look, ...times }
  })
  for (let from = 0; from < count; from += AT_ONCE) {
    await db.table('posts').multiInsert(posts.slice(from, from + AT_ONCE))
    await db.table('media').multiInsert(media.slice(from, from + AT_ONCE))
  }
  return posts.map(({ id }) => id)
}
