import { Albums, type AlbumPage } from '#models/album'
import type User from '#models/user'
import { seenBy, unmuted, visibleUser } from '#models/visibility'
import { Statement } from '#providers/portable/index'

interface Candidate {
  id: string
  author: string
  likes: number
  comments: number
  createdAt: Date | string
}

/** What is ranked: the newest posts that everyone may see, of others, whom the viewer hears of. */
const CANDIDATES = 1000

/** How many public posts are looked at for these, of private and of suspended accounts too: no more than that costs a page. */
const LOOKED_AT = 10_000

/** Ten times the engagement makes up for being so much older. */
const DECADE_MS = 12.5 * 3_600_000

/** How much older each further post of an author counts. */
const REPEAT_MS = 24 * 3_600_000

const COLUMNS = 'id, user_id as author, likes_count as likes, comments_count as comments, created_at as "createdAt"'

const HEARD = `exists (
    select 1 from users owner
    where owner.id = newest.user_id and owner.private_since is null and (owner.id <> :viewer or :viewer is null)
      and ${visibleUser('owner')})
  and ${unmuted('newest.user_id')}`

// The cursor's post has its place among them also when the viewer does not see it any more.
const candidates = new Statement<Candidate>(
  'explore-candidates',
  `select ${COLUMNS} from (
     select * from (
       select * from posts where visibility = 'public' and deleted_at is null and archived_at is null
       order by id desc limit ${LOOKED_AT}) as newest
     where ${HEARD} order by id desc limit ${CANDIDATES}) as heard
   union
   select ${COLUMNS} from posts where id = :cursor`
)

/** What many like at the moment, of many authors. */
export const Explore = {
  async for(viewer: User | null, { limit, cursor }: { limit: number; cursor?: string }): Promise<AlbumPage> {
    const asked = { ...seenBy(viewer), cursor: cursor ?? null, now: new Date().toISOString() }
    const ids = ranked(await candidates.all(asked))
    const start = cursor ? ids.indexOf(cursor) + 1 || ids.length : 0
    const albums = await Albums.inOrder(ids.slice(start, start + limit), viewer)
    return { albums, nextCursor: start + limit < ids.length ? ids[start + limit - 1] : null }
  },
}

/** The ids, best first: by how new a post would have to be with no engagement at all, as Reddit's "hot" does. */
export function ranked(posts: Candidate[]): string[] {
  const best = posts.map((post) => ({ ...post, heat: heatOf(post) })).sort(byHeat)
  const shown = new Map<string, number>()
  for (const post of best) {
    const before = shown.get(post.author) ?? 0
    shown.set(post.author, before + 1)
    post.heat -= before * REPEAT_MS
  }
  return best.sort(byHeat).map(({ id }) => id)
}

function heatOf({ likes, comments, createdAt }: Candidate): number {
  return new Date(createdAt).getTime() + Math.log10(1 + likes + 2 * comments) * DECADE_MS
}

function byHeat(one: { heat: number; id: string }, other: { heat: number; id: string }) {
  return other.heat - one.heat || (one.id < other.id ? 1 : -1)
}
