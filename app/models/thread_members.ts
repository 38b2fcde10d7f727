import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'
import Comment from '#models/comment'

/** A comment that is said to be in another thread than the one it is in: `other`, or none for one on the post itself. */
export interface Astray {
  id: string
  problem: 'wrong-thread'
  other: string | null
}

interface Member {
  id: string
  parent_id: string | null
  thread_id: string | null
}

/** `Comment.threadId` is the comment on the post itself below which a reply is. What answers what is the truth. */
export const ThreadMembers = {
  async findAstray(postId: string): Promise<Astray[]> {
    return astray(await members('post_id', [postId]))
  },

  /** @returns how many changed. */
  async mend(postId: string, client: TransactionClientContract): Promise<number> {
    return bringHome(astray(await members('post_id', [postId], client)), client)
  },

  /** Before comments on posts are gone for good, whose replies have moved up: each of these begins a thread then. */
  async split(gone: Comment[], client: TransactionClientContract) {
    const ids = gone.map(({ id }) => id)
    await bringHome(astray(await members('thread_id', ids, client)), client)
  },
}

function members(column: 'post_id' | 'thread_id', values: string[], client?: QueryClientContract): Promise<Member[]> {
  return Comment.query({ client }).withTrashed().select('id', 'parent_id', 'thread_id').whereIn(column, values).pojo()
}

function astray(all: Member[]): Astray[] {
  const replies = Map.groupBy(all, ({ parent_id: parent }) => parent)
  const found: Astray[] = []
  const keep = ({ id, thread_id: thread }: Member, right: string | null) => {
    if (thread !== right) found.push({ id, problem: 'wrong-thread', other: right })
  }
  for (const first of replies.get(null) ?? []) {
    keep(first, null)
    const below = [first.id]
    for (const id of below) {
      for (const reply of replies.get(id) ?? []) {
        keep(reply, first.id)
        below.push(reply.id)
      }
    }
  }
  return found
}

/** In one statement, however many threads they are of. */
async function bringHome(found: Astray[], client: TransactionClientContract) {
  if (found.length === 0) return 0
  const isPostgres = client.dialect.name === 'postgres'
  const homes = isPostgres
    ? 'json_to_recordset(?) as homes(id uuid, other uuid)'
    : `(select value ->> 'id' as id, value ->> 'other' as other from json_each(?)) as homes`
  await client.rawQuery(`update comments set thread_id = homes.other from ${homes} where comments.id = homes.id`, [
    JSON.stringify(found),
  ])
  return found.length
}
