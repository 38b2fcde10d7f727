import { folded } from '#models/folded'
import type { StoredVariant } from '#models/media'
import { hashtagKey } from '#models/text_entities'
import type User from '#models/user'
import { seenBy, visiblePost } from '#models/visibility'
import { Statement } from '#providers/portable/index'

/** A post as it is read, with its author and its media in order: one statement, no model. */
export interface Album {
  id: string
  caption: string
  visibility: 'public' | 'followers'
  archivedAt: Date | string | null
  pinnedAt: Date | string | null
  commentsLockedAt: Date | string | null
  createdAt: Date | string
  updatedAt: Date | string
  likesCount: number
  commentsCount: number
  /** What the viewer did with it: nothing, where nobody is logged in. */
  viewer: { likes: boolean; bookmarks: boolean }
  author: Author
  /** Whether everyone may see it, and its files. */
  isPublic: boolean
  media: AlbumMedium[]
}

/** As one stands beside what one wrote. */
export interface Author {
  id: string
  username: string
  name: string | null
  avatar: Files | null
}

export interface Files {
  folder: string
  variants: StoredVariant[]
}

export interface AlbumMedium extends Files {
  id: string
  width: number
  height: number
  blurhash: string
  dominantColor: string
  altText: string | null
  focalPoint: { x: number; y: number }
}

export interface AlbumPage {
  albums: Album[]
  nextCursor: string | null
}

/** Ones, not ids or `exists`: so PostgreSQL finds the one row in an index, however many likes the post or the viewer has. */
const select = (more = '') => `
  select p.id, p.caption, p.visibility, p.archived_at, p.pinned_at, p.created_at, p.updated_at, p.comments_locked_at,
         p.likes_count, p.comments_count, p.user_id, u.username, u.private_since, r.name, a.folder as avatar_folder, a.variants as avatar_variants,
         m.id as media_id, m.folder, m.variants, m.width, m.height, m.blurhash, m.dominant_color, m.alt_text, m.focal_x, m.focal_y,
         (select 1 from post_likes where post_id = p.id and user_id = :viewer) as likes,
         (select 1 from bookmarks where post_id = p.id and user_id = :viewer) as bookmarks${more}
  from posts p
  join users u on u.id = p.user_id
  join profiles r on r.user_id = p.user_id
  left join media a on a.id = r.avatar_id and a.deleted_at is null
  join media m on m.post_id = p.id and m.deleted_at is null`

/** For a `where` that says which posts `p` are meant and seen, and an order that ends with `m.position`. */
export const ALBUMS = select()

const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

const byId = new Statement<Row>('album', `${ALBUMS} where p.id = :id and ${visiblePost('p')} order by m.position`)

/** As many as the longest page has, and one more. */
const MOST = 101

/**
 * The first of what is found, by an id. PostgreSQL expects a tenth of all rows from a `limit` with a name, and would read all posts
 * for them: a number comes first.
 */
const firstOf = (found: string, id = 'id') =>
  `select * from (${found} order by ${id} desc limit ${MOST}) as found order by id desc limit :limit`

// The pinned ones come before the first page, in addition to it.
const grid = new Statement<Row>(
  'albums-of-user',
  `${ALBUMS} where p.id in (
     select id from posts
     where :first = 1 and user_id = (select id from users where username_key = :name and deleted_at is null)
       and pinned_at is not null and archived_at is null and ${visiblePost('posts')}
     union all
     select id from (${firstOf(`
       select id from posts
       where user_id = (select id from users where username_key = :name and deleted_at is null)
         and pinned_at is null and archived_at is null and id < :cursor and ${visiblePost('posts')}`)}) as page)
   order by case when p.pinned_at is null then 1 else 0 end, p.pinned_at desc, p.id desc, m.position`
)

const archive = new Statement<Row>(
  'albums-archived',
  `${ALBUMS} where p.id in (${firstOf(`
     select id from posts
     where user_id = :viewer and archived_at is not null and deleted_at is null and id < :cursor`)})
   order by p.id desc, m.position`
)

const newest = new Statement<Row>(
  'albums-newest',
  `${ALBUMS} where p.id in (${firstOf(`
     select id from posts
     where visibility = 'public' and archived_at is null and id < :cursor and ${visiblePost('posts')}`)})
   order by p.id desc, m.position`
)

// As an array, for which PostgreSQL expects ten and looks them up, and not a hundred.
const among = new Statement<Row>('albums-among', {
  postgres: albumsAmong('= any(array(select value::uuid from json_array_elements_text(:ids)))'),
  sqlite: albumsAmong('in (select value from json_each(:ids))'),
})

const withHashtag = new Statement<Row>(
  'albums-with-hashtag',
  `${ALBUMS} where p.id in (${firstOf(
    `select tagged.post_id as id from post_hashtags tagged join posts on posts.id = tagged.post_id
     where tagged.hashtag_id = (select id from hashtags where name_key = :key)
       and tagged.post_id < :cursor and ${visiblePost('posts')}`,
    'tagged.post_id'
  )})
   order by p.id desc, m.position`
)

const bookmarked = new Statement<Row & { cursor: string }>(
  'albums-bookmarked',
  `${select(', page.id as cursor')}
   join (${firstOf(
     `select bookmarks.id, bookmarks.post_id from bookmarks join posts on posts.id = bookmarks.post_id
      where bookmarks.user_id = :viewer and bookmarks.id < :cursor and ${visiblePost('posts')}`,
     'bookmarks.id'
   )}) as page on page.post_id = p.id
   order by page.id desc, m.position`
)

export const Albums = {
  async find(id: string, viewer: User | null): Promise<Album | null> {
    return collect(await byId.all({ id, ...seenBy(viewer) }))[0] ?? null
  },

  /** Empty for a name that is nobody's, too. */
  async ofUser(
    username: string,
    viewer: User | null,
    { limit, cursor }: { limit: number; cursor?: string }
  ): Promise<AlbumPage> {
    const asked = { name: folded(username), first: cursor ? 0 : 1, ...keyset(cursor, limit), ...seenBy(viewer) }
    const albums = collect(await grid.all(asked))
    return page(albums, limit, idsOf(albums.filter(({ pinnedAt }) => pinnedAt === null)))
  },

  async archivedBy(author: User, { limit, cursor }: { limit: number; cursor?: string }): Promise<AlbumPage> {
    return page(collect(await archive.all({ ...keyset(cursor, limit), ...seenBy(author) })), limit)
  },

  /** Those of these ids that the viewer sees, in the order of the ids. */
  async inOrder(ids: string[], viewer: User | null): Promise<Album[]> {
    const albums = collect(await among.all({ ids: JSON.stringify(ids), ...seenBy(viewer) }))
    return albums.sort((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id))
  },

  async newest({ limit, cursor }: { limit: number; cursor?: string }): Promise<AlbumPage> {
    return page(collect(await newest.all({ ...keyset(cursor, limit), ...seenBy(null) })), limit)
  },

  /** Empty for a tag that nobody has used, too. */
  async withHashtag(
    name: string,
    viewer: User | null,
    { limit, cursor }: { limit: number; cursor?: string }
  ): Promise<AlbumPage> {
    const asked = { key: hashtagKey(name), ...keyset(cursor, limit), ...seenBy(viewer) }
    return page(collect(await withHashtag.all(asked)), limit)
  },

  /** The newest bookmark first; the cursor is that of a bookmark. */
  async bookmarkedBy(viewer: User, { limit, cursor }: { limit: number; cursor?: string }): Promise<AlbumPage> {
    const rows = await bookmarked.all({ ...keyset(cursor, limit), ...seenBy(viewer) })
    return page(collect(rows), limit, [...new Set(rows.map(({ cursor: bookmark }) => bookmark))])
  },
}

function albumsAmong(ids: string) {
  return `${ALBUMS} where p.id ${ids} and ${visiblePost('p')} order by p.id, m.position`
}

/** One more than asked for tells whether there is another page. */
export function keyset(cursor: string | undefined, limit: number) {
  return { cursor: cursor ?? LAST, limit: limit + 1 }
}

/** @param cursors of those that count towards the limit, which are the last ones. */
export function page(albums: Album[], limit: number, cursors = idsOf(albums)): AlbumPage {
  if (cursors.length <= limit) return { albums, nextCursor: null }
  return { albums: albums.slice(0, -1), nextCursor: cursors[limit - 1] }
}

function idsOf(albums: Album[]): string[] {
  return albums.map(({ id }) => id)
}

export interface Row extends Record<string, any> {
  id: string
}

/** Folds the rows, one for each medium, into albums. */
export function collect(rows: Row[]): Album[] {
  const albums: Album[] = []
  for (const row of rows) {
    if (albums.at(-1)?.id !== row.id) albums.push(toAlbum(row))
    albums.at(-1)!.media.push(toMedium(row))
  }
  return albums
}

function toAlbum(row: Row): Album {
  return {
    id: row.id,
    caption: row.caption,
    visibility: row.visibility,
    archivedAt: row.archived_at,
    pinnedAt: row.pinned_at,
    commentsLockedAt: row.comments_locked_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    likesCount: row.likes_count,
    commentsCount: row.comments_count,
    viewer: { likes: row.likes !== null, bookmarks: row.bookmarks !== null },
    author: {
      id: row.user_id,
      username: row.username,
      name: row.name,
      avatar: row.avatar_folder && { folder: row.avatar_folder, variants: JSON.parse(row.avatar_variants) },
    },
    isPublic: row.visibility === 'public' && row.archived_at === null && row.private_since === null,
    media: [],
  }
}

function toMedium(row: Row): AlbumMedium {
  return {
    id: row.media_id,
    folder: row.folder,
    variants: JSON.parse(row.variants),
    width: row.width,
    height: row.height,
    blurhash: row.blurhash,
    dominantColor: row.dominant_color,
    altText: row.alt_text,
    focalPoint: { x: row.focal_x, y: row.focal_y },
  }
}
