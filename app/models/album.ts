import { folded } from '#models/folded'
import type { StoredVariant } from '#models/media'
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
  createdAt: Date | string
  updatedAt: Date | string
  likesCount: number
  commentsCount: number
  author: { id: string; username: string; name: string | null; avatar: Files | null }
  /** Whether everyone may see it, and its files. */
  isPublic: boolean
  media: AlbumMedium[]
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

/** A post and its author, in a row for each medium: `p` is the post. */
export const ALBUMS = `
  select p.id, p.caption, p.visibility, p.archived_at, p.pinned_at, p.created_at, p.updated_at, p.likes_count, p.comments_count,
         p.user_id, u.username, u.private_since, r.name, a.folder as avatar_folder, a.variants as avatar_variants,
         m.id as media_id, m.folder, m.variants, m.width, m.height, m.blurhash, m.dominant_color, m.alt_text, m.focal_x, m.focal_y
  from posts p
  join users u on u.id = p.user_id
  join profiles r on r.user_id = p.user_id
  left join media a on a.id = r.avatar_id and a.deleted_at is null
  join media m on m.post_id = p.id and m.deleted_at is null`

const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

const byId = new Statement<Row>('album', `${ALBUMS} where p.id = :id and ${visiblePost('p')} order by m.position`)

// The pinned ones come before the first page, in addition to it.
const grid = new Statement<Row>(
  'albums-of-user',
  `${ALBUMS} where p.id in (
     select id from posts
     where :first = 1 and user_id = (select id from users where username_key = :name and deleted_at is null)
       and pinned_at is not null and archived_at is null and ${visiblePost('posts')}
     union all
     select id from (
       select id from posts
       where user_id = (select id from users where username_key = :name and deleted_at is null)
         and pinned_at is null and archived_at is null and id < :cursor and ${visiblePost('posts')}
       order by id desc limit :limit) as page)
   order by case when p.pinned_at is null then 1 else 0 end, p.pinned_at desc, p.id desc, m.position`
)

const archive = new Statement<Row>(
  'albums-archived',
  `${ALBUMS} where p.id in (
     select id from (select id from posts
       where user_id = :author and archived_at is not null and deleted_at is null and id < :cursor order by id desc limit :limit) as page)
   order by p.id desc, m.position`
)

const newest = new Statement<Row>(
  'albums-newest',
  `${ALBUMS} where p.id in (
     select id from (
       select id from posts
       where id < :cursor and ${visiblePost('posts')} order by id desc limit :limit) as page)
   order by p.id desc, m.position`
)

const among = new Statement<Row>('albums-among', {
  postgres: albumsAmong('select value::uuid from json_array_elements_text(:ids)'),
  sqlite: albumsAmong('select value from json_each(:ids)'),
})

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
    const asked = { name: folded(username), first: cursor ? 0 : 1, ...from(cursor, limit), ...seenBy(viewer) }
    return page(collect(await grid.all(asked)), limit)
  },

  async archivedBy(author: User, { limit, cursor }: { limit: number; cursor?: string }): Promise<AlbumPage> {
    return page(collect(await archive.all({ author: author.id, ...from(cursor, limit) })), limit)
  },

  /** Those of these ids that the viewer sees, in the order of the ids. */
  async inOrder(ids: string[], viewer: User | null): Promise<Album[]> {
    const albums = collect(await among.all({ ids: JSON.stringify(ids), ...seenBy(viewer) }))
    return albums.sort((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id))
  },

  async newest({ limit, cursor }: { limit: number; cursor?: string }): Promise<AlbumPage> {
    return page(collect(await newest.all({ ...from(cursor, limit), ...seenBy(null) })), limit)
  },
}

function albumsAmong(ids: string) {
  return `${ALBUMS} where p.id in (${ids}) and ${visiblePost('p')} order by p.id, m.position`
}

/** One more than asked for tells whether there is another page. */
export function from(cursor: string | undefined, limit: number) {
  return { cursor: cursor ?? LAST, limit: limit + 1 }
}

function page(albums: Album[], limit: number): AlbumPage {
  const inOrder = albums.filter((album) => album.pinnedAt === null || album.archivedAt !== null)
  if (inOrder.length <= limit) return { albums, nextCursor: null }
  return { albums: albums.slice(0, -1), nextCursor: inOrder[limit - 1].id }
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
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    likesCount: row.likes_count,
    commentsCount: row.comments_count,
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
