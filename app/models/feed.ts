import { ALBUMS, type AlbumPage, collect, keyset, page, type Row } from '#models/album'
import type User from '#models/user'
import { seenBy, unmuted, visiblePost } from '#models/visibility'
import { Statement } from '#providers/portable/index'

/** Up to so many accounts are asked for their newest posts, each; above it the newest posts are asked for their authors. */
const FEW = 150

/** Up to so many, PostgreSQL gathers who is followed before it looks at posts; above it asks an index for each post. */
const SOME = 2000

/** How many posts are looked at for each account followed, before the accounts are asked after all. */
const POSTS_FOR_EACH = 3

const LISTED = 'deleted_at is null and archived_at is null'

const HEARD = (author: string) => `not exists (select 1 from users where id = ${author} and suspended_at is not null)
  and ${unmuted(author)}`

const albums = (ids: string) => `${ALBUMS}
  join (${ids}) as page on page.id = p.id
  where ${visiblePost('p')}
  order by p.id desc, m.position`

// Only the authors with the newest last posts can have one on the page: the others are asked for one post each, and no more.
const authors = `
  latest as materialized (
    select author, (
      select id from posts where user_id = author and id < :cursor and ${LISTED} order by id desc limit 1
    ) as last
    from (select followed_id as author from follows where follower_id = :viewer union all select :viewer) as followed
    where ${HEARD('author')}),
  top as materialized (select author from latest where last is not null order by last desc limit :limit)`

const newestOf = (author: string) =>
  `select q.id from posts q where q.user_id = ${author} and q.id < :cursor and q.deleted_at is null and q.archived_at is null
   order by q.id desc limit :limit`

const byAuthor = new Statement<Row>('feed-by-author', {
  postgres: albums(
    `with ${authors} select n.id from top cross join lateral (${newestOf('author')}) n order by n.id desc limit :limit`
  ),
  sqlite: albums(
    `with ${authors} select n.id from top join posts n on n.id in (${newestOf('author')}) order by n.id desc limit :limit`
  ),
})

// Neither way is one of a join, which would begin with all who are followed.
const GATHERED = '(user_id in (select followed_id from follows where follower_id = :viewer)) is true'
const PROBED = '(select true from follows where follower_id = :viewer and followed_id = user_id)'

const newestBy = (followed: string) =>
  albums(`
    select id from (select id, user_id from posts where id < :cursor and ${LISTED} order by id desc limit :most) as newest
    where (user_id = :viewer or ${followed}) and ${HEARD('user_id')}
    order by id desc limit :limit`)

const byPost = {
  ofSome: new Statement<Row>('feed-by-post-of-some', { postgres: newestBy(GATHERED), sqlite: newestBy(PROBED) }),
  ofMany: new Statement<Row>('feed-by-post-of-many', newestBy(PROBED)),
}

/** The posts of those whom one follows, and the own ones: read from the posts themselves, so always as they are now. */
export const Feed = {
  async of(viewer: User, { limit, cursor }: { limit: number; cursor?: string }): Promise<AlbumPage> {
    const asked = { ...seenBy(viewer), ...keyset(cursor, limit), now: new Date().toISOString() }
    const followed = viewer.followingCount
    if (followed > FEW) {
      const statement = followed > SOME ? byPost.ofMany : byPost.ofSome
      const found = collect(await statement.all({ ...asked, most: followed * POSTS_FOR_EACH }))
      if (found.length > limit) return page(found, limit)
    }
    return page(collect(await byAuthor.all(asked)), limit)
  },
}
