import { keyset } from '#models/album'
import type Post from '#models/post'
import User from '#models/user'
import { openUser, seenBy } from '#models/visibility'

/** An account that an edge leads to: the edge's id is the cursor. */
export interface Neighbour {
  id: string
  user: User
  createdAt: Date | string
  expiresAt: Date | string | null
}

export interface NeighbourPage {
  neighbours: Neighbour[]
  users: User[]
  nextCursor: string | null
}

interface Page {
  limit: number
  cursor?: string
}

const FOLLOWERS = { table: 'follows', of: 'followed_id', to: 'follower_id' }
const FOLLOWING = { table: 'follows', of: 'follower_id', to: 'followed_id' }
const INCOMING = { ...FOLLOWERS, table: 'follow_requests' }
const OUTGOING = { ...FOLLOWING, table: 'follow_requests' }
const BLOCKS = { table: 'blocks', of: 'blocker_id', to: 'blocked_id' }
const LIKES = { table: 'post_likes', of: 'post_id', to: 'user_id' }
const MUTES = { table: 'mutes', of: 'muter_id', to: 'muted_id' }

/** Who is around an account or likes a post, the newest edge first, as the viewer may see them. */
export const Circle = {
  followersOf(user: User, viewer: User | null, page: Page) {
    return read(open(FOLLOWERS, user, viewer), page)
  },

  followedBy(user: User, viewer: User | null, page: Page) {
    return read(open(FOLLOWING, user, viewer), page)
  },

  requestsOf(viewer: User, direction: 'incoming' | 'outgoing', page: Page) {
    return read(around(direction === 'incoming' ? INCOMING : OUTGOING, viewer, User.visibleTo(viewer)), page)
  },

  likersOf(post: Post, viewer: User | null, page: Page) {
    return read(around(LIKES, post, User.visibleTo(viewer)), page)
  },

  blockedBy(viewer: User, page: Page) {
    return read(around(BLOCKS, viewer, User.blockedBy(viewer)), page)
  },

  mutedBy(viewer: User, page: Page) {
    const living = 'edge.expires_at is null or edge.expires_at > ?'
    const muted = around(MUTES, viewer, User.visibleTo(viewer)).select('edge.expires_at as edge_expires_at')
    return read(muted.whereRaw(`(${living})`, [new Date().toISOString()]), page)
  },
}

type Edges = typeof FOLLOWERS
type Query = ReturnType<typeof User.visibleTo>

/** Of a private account nobody learns whom it knows who does not see its posts. */
function open(edges: Edges, user: User, viewer: User | null): Query {
  return around(edges, user, User.visibleTo(viewer)).whereRaw(
    `exists (select 1 from users owner where owner.id = :owner and ${openUser('owner')})`,
    { ...seenBy(viewer), owner: user.id }
  )
}

function around({ table, of, to }: Edges, { id }: User | Post, among: Query): Query {
  return among
    .select('users.*', 'edge.id as edge_id', 'edge.created_at as edge_created_at')
    .join(`${table} as edge`, `edge.${to}`, 'users.id')
    .where(`edge.${of}`, id)
}

async function read(query: Query, { limit, cursor }: Page): Promise<NeighbourPage> {
  const asked = keyset(cursor, limit)
  const found = await query.where('edge.id', '<', asked.cursor).orderBy('edge.id', 'desc').limit(asked.limit)
  const users = found.slice(0, limit)
  const neighbours = users.map(toNeighbour)
  return { neighbours, users, nextCursor: found.length > limit ? neighbours.at(-1)!.id : null }
}

function toNeighbour(user: User): Neighbour {
  const { edge_id: id, edge_created_at: createdAt, edge_expires_at: expiresAt = null } = user.$extras
  return { id, user, createdAt, expiresAt }
}
