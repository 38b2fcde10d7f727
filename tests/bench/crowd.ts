import { uuidv7 } from '#providers/portable/uuid'
import { randomFrom } from '../random.js'
import type { Database, Rows } from './database.js'
import { mediumRow, seed, type Seed, sessionOf } from './seed.js'

/** How many accounts a reader of a feed follows. */
export const FOLLOWED = [10, 100, 1000, 7500] as const

export interface Crowd extends Seed {
  /** The tokens of the readers who follow so many. */
  readers: Map<number, string[]>
  /** The one whom half of all follow, and one whom ten follow: their tokens, and media that they have not posted yet. */
  popular: Author
  quiet: Author
}

interface Author {
  token: string
  mediaIds: string[]
}

const USERS = 20_000
const POSTS_OF_EACH = 10
const LEAST_FOLLOWERS = 5
const PHOTOGRAPHS = 600

/**
 * 20,000 people with 200,000 posts. Half of all follow the first one, a third of that the third, and so on with a heavy tail;
 * each reader follows a fixed number of others.
 */
export async function crowd(database: Database): Promise<Crowd> {
  const seeded = await seed(database, { authors: USERS, postsOfEach: POSTS_OF_EACH })
  const { authorIds, viewerIds, tokens } = seeded
  const random = randomFrom(1)
  const readers = new Map<number, string[]>()
  let follows: Rows = []
  const follow = async (follower_id: string, followed_id: string) => {
    follows.push({ id: uuidv7(), follower_id, followed_id, created_at: new Date().toISOString() })
    if (follows.length < 20_000) return
    await database.insert('follows', follows)
    follows = []
  }
  for (const [rank, author] of authorIds.entries()) {
    const followers = Math.max(LEAST_FOLLOWERS, Math.floor(USERS / 2 / (rank + 1)))
    for (const each of sample(authorIds, followers, random)) if (each !== author) await follow(each, author)
  }
  for (const [index, reader] of viewerIds.entries()) {
    const count = FOLLOWED[index % FOLLOWED.length]
    readers.set(count, [...(readers.get(count) ?? []), tokens[index]])
    for (const author of sample(authorIds, count, random)) await follow(reader, author)
  }
  await database.insert('follows', follows)
  const [popular, quiet] = [await authorOf(database, authorIds[0]), await authorOf(database, authorIds[999])]
  await database.execute('delete from changes')
  await database.analyze()
  return { ...seeded, readers, popular, quiet }
}

/** Someone who logs in and has photographs to publish. */
async function authorOf(database: Database, id: string): Promise<Author> {
  const { row, token } = sessionOf({ id })
  const media = Array.from({ length: PHOTOGRAPHS }, (_, index) => mediumRow({ id }, null, `${id} ${index}`))
  await database.insert('auth_access_tokens', [row])
  await database.insert('media', media)
  return { token, mediaIds: media.map((medium) => medium.id) }
}

/** So many different ones of a list. */
function sample<Item>(items: Item[], count: number, random: () => number): Item[] {
  const chosen = new Set<Item>()
  while (chosen.size < count) chosen.add(items[Math.floor(random() * items.length)])
  return [...chosen]
}
