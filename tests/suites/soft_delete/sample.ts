import db from '@adonisjs/lucid/services/db'
import { id } from './tables.js'

const USERS = 6
const POSTS = 18
const COMMENTS = 54

/** About a third of the users, post, comment and tag is in the trash, without a thought to the others: links go every way. */
export async function fill() {
  const trash = (number: number, kind: number) =>
    (number * 7 + kind * 3) % 11 > 3
      ? { deleted_at: null, deletion_id: null }
      : { deleted_at: '2026-01-01T00:00:00.000Z', deletion_id: id(number, 9) }
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
  const insert = (table: string, values: object[]) => db.connection('trash').table(table).multiInsert(values)
  const row = (number: number, kind: number) => ({ id: id(number, kind), name: `n${number}`, ...trash(number, kind) })

  await insert(
    'sd_clubs',
    [1, 2].map((number) => ({ id: id(number, 6), name: `n${number}` }))
  )
  await insert(
    'sd_users',
    numbers(USERS).map((n) => ({ ...row(n, 1), handle: `h${n}`, club_id: id((n % 2) + 1, 6) }))
  )
  await insert(
    'sd_profiles',
    numbers(USERS).map((n) => ({ ...row(n, 2), user_id: id(USERS + 1 - n, 1) }))
  )
  await insert(
    'sd_posts',
    numbers(POSTS).map((n) => ({ ...row(n, 3), user_id: id((n % USERS) + 1, 1), score: n }))
  )
  await insert(
    'sd_comments',
    numbers(COMMENTS).map((n) => ({
      ...row(n, 4),
      user_id: id(((n * 5) % USERS) + 1, 1),
      post_id: id(((n * 7) % POSTS) + 1, 3),
      parent_id: n > 10 ? id((n % 10) + 1, 4) : null,
    }))
  )
  await insert(
    'sd_tags',
    numbers(6).map((n) => row(n, 5))
  )
  await insert(
    'sd_post_tags',
    numbers(54).map((n) => ({ post_id: id((n % POSTS) + 1, 3), tag_id: id((Math.floor(n / 9) % 6) + 1, 5) }))
  )
}
