import type { Database } from '@adonisjs/lucid/database'
import { Threads, type Sort } from '#models/thread'
import User from '#models/user'
import { median } from './contest.js'

/** A node of a tree as its table has it. */
export interface Node {
  id: string
  parent_id: string | null
  lft: number
  rgt: number
  depth: number
}

const SORTS: Sort[] = ['newest', 'oldest', 'top']
/** As many threads as the small tree has too, whatever its shape. */
const LIMIT = 10
const ROUNDS = 300
/** SQLite takes no more in one statement as knex writes it. */
const BATCH = 400

/** Puts a tree on a post that nobody has commented on yet, its comments by the accounts in turn. */
export async function comment(db: Database, nodes: Node[]): Promise<string> {
  const { id: postId } = await db.from('posts').where({ visibility: 'public', comments_count: 0 }).orderBy('id').first()
  const writers: { id: string }[] = await db.from('users').select('id').orderBy('id')
  const threads = new Map<string, string>()
  const rows = nodes.map((node, index) => {
    if (node.parent_id) threads.set(node.id, threads.get(node.parent_id) ?? node.parent_id)
    return {
      ...{ ...node, post_id: postId, user_id: writers[(index * 7) % writers.length].id, text: `Comment ${index}` },
      ...{
        thread_id: threads.get(node.id) ?? null,
        created_at: new Date().toISOString(),
        updated_at: new Date().toISOString(),
      },
    }
  })
  for (let from = 0; from < rows.length; from += BATCH)
    await db.table('comments').multiInsert(rows.slice(from, from + BATCH))
  await db.rawQuery('analyze')
  return postId
}

/** Milliseconds for the first page of two posts' threads, read in turns in each order: the medians. */
export async function readFirstPages(posts: { small: string; large: string }) {
  const viewer = await User.query().orderBy('id', 'desc').firstOrFail()
  const took: { small: number[]; large: number[] } = { small: [], large: [] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const size of ['small', 'large'] as const) {
      const began = performance.now()
      await Threads.on(posts[size], viewer, { sort: SORTS[round % SORTS.length], limit: LIMIT })
      took[size].push(performance.now() - began)
    }
  }
  return { small: median(took.small), large: median(took.large) }
}
