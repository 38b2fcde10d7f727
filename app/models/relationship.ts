import type User from '#models/user'
import { Statement } from '#providers/portable/index'

/** What is between the viewer and another account. A block never shows: who is blocked is not seen. */
export interface Relationship {
  isSelf: boolean
  follows: boolean
  isFollowedBy: boolean
  hasRequested: boolean
  isRequestedBy: boolean
  mutes: boolean
}

/** By the ids of the other accounts; null for who is not logged in. */
export type Relationships = Map<string, Relationship> | null

type Row = { id: string } & Record<keyof Relationship, number | boolean>

const edge = (table: string, from: string, to: string) => `exists (select 1 from ${table} where ${from} and ${to})`

const columns = `
  select other.id,
    other.id = :viewer as "isSelf",
    ${edge('follows', 'follower_id = :viewer', 'followed_id = other.id')} as "follows",
    ${edge('follows', 'follower_id = other.id', 'followed_id = :viewer')} as "isFollowedBy",
    ${edge('follow_requests', 'follower_id = :viewer', 'followed_id = other.id')} as "hasRequested",
    ${edge('follow_requests', 'follower_id = other.id', 'followed_id = :viewer')} as "isRequestedBy",
    ${edge('mutes', 'muter_id = :viewer', 'muted_id = other.id and (expires_at is null or expires_at > :now)')} as "mutes"`

const between = new Statement<Row>('relationships', {
  postgres: `${columns} from (select value::uuid as id from json_array_elements_text(:ids::json)) as other`,
  sqlite: `${columns} from (select value as id from json_each(:ids)) as other`,
})

export async function relationshipsOf(viewer: User | null, users: User[]): Promise<Relationships> {
  if (!viewer) return null
  const ids = JSON.stringify(users.map(({ id }) => id))
  const rows = await between.all({ ids, viewer: viewer.id, now: new Date().toISOString() })
  return new Map(rows.map((row) => [row.id, toRelationship(row)]))
}

export async function relationshipOf(viewer: User, user: User): Promise<Relationship> {
  return (await relationshipsOf(viewer, [user]))!.get(user.id)!
}

function toRelationship(row: Row): Relationship {
  return {
    isSelf: Boolean(row.isSelf),
    follows: Boolean(row.follows),
    isFollowedBy: Boolean(row.isFollowedBy),
    hasRequested: Boolean(row.hasRequested),
    isRequestedBy: Boolean(row.isRequestedBy),
    mutes: Boolean(row.mutes),
  }
}
