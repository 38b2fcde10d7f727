import type { Database } from '@adonisjs/lucid/database'
import { Threads, type Sort } from '#models/thread'
import User from '#models/user'
import { uuidv7 } from '#providers/portable/index'
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

/** Posts that get a tree; the others have a few comments each. */
const TREES = 20
const SUSPENDED = 5
const BLOCKED = 4
/** Comments of each tree by somebody whom the viewer does not see. */
const HIDDEN = 20

interface Id {
  id: string
}

/** Who looks, whom they do not see, and who writes. */
async function people(db: Database) {
  const all: Id[] = await db.from('users').select('id').orderBy('id', 'desc')
  const [viewer, ...others] = all
  return { viewer, hidden: others.slice(0, SUSPENDED + BLOCKED), writers: others.slice(SUSPENDED + BLOCKED) }
}

/** Makes the tables as they are elsewhere: posts with a few comments, and people whom the viewer does not see. */
export async function populate(db: Database) {
  if (await db.from('comments').first()) return
  const { viewer, hidden, writers } = await people(db)
  const now = new Date().toISOString()
  const ids = hidden.slice(0, SUSPENDED).map(({ id }) => id)
  await db.from('users').whereIn('id', ids).update({ suspended_at: now })
  const blocks = hidden.slice(SUSPENDED).map(({ id }) => ({ blocker_id: viewer.id, blocked_id: id }))
  await db.table('blocks').multiInsert(blocks.map((block) => ({ id: uuidv7(), ...block, created_at: now })))
  const posts: Id[] = await db.from('posts').select('id').orderBy('id', 'desc')
  const comments = posts.slice(0, -TREES).flatMap(({ id }, index) =>
    writers.slice(index % 50, (index % 50) + 3).map((writer, n) => ({
      ...{ id: uuidv7(), post_id: id, user_id: writer.id, text: 'Hello', lft: 2 * n, rgt: 2 * n + 1, depth: 0 },
      ...{ created_at: now, updated_at: now },
    }))
  )
  await insert(db, comments)
}

async function insert(db: Database, rows: object[]) {
  for (let from = 0; from < rows.length; from += BATCH)
    await db.table('comments').multiInsert(rows.slice(from, from + BATCH))
}

/** Puts a tree on a post that nobody has commented on yet, its comments by the accounts in turn. */
export async function comment(db: Database, nodes: Node[]): Promise<string> {
  const { id: postId } = await db.from('posts').where({ visibility: 'public', comments_count: 0 }).orderBy('id').first()
  const { hidden, writers } = await people(db)
  const writerOf = (index: number) => {
    return index > 0 && index <= HIDDEN ? hidden[index % hidden.length] : writers[(index * 7) % writers.length]
  }
  const threads = new Map<string, string>()
  const rows = nodes.map((node, index) => {
    if (node.parent_id) threads.set(node.id, threads.get(node.parent_id) ?? node.parent_id)
    return {
      ...{ ...node, post_id: postId, user_id: writerOf(index).id, text: `Comment ${index}` },
      ...{
        thread_id: threads.get(node.id) ?? null,
        created_at: new Date().toISOString(),
        updated_at: new Date().toISOString(),
      },
    }
  })
  await insert(db, rows)
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
