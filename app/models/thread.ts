import { Invalid } from '#exceptions/domain'
import type { Author } from '#models/album'
import { keyset } from '#models/album'
import type User from '#models/user'
import {
  hiddenUsers,
  listedComment,
  livingComment,
  onVisiblePost,
  seenBy,
  visibleComment,
  visibleUser,
} from '#models/visibility'
import { type Dialects, Statement } from '#providers/portable/index'

/** A comment as it is read, with its author: no model. One that is not living is a tombstone, and says nothing. */
export interface Remark {
  id: string
  postId: string
  parentId: string | null
  depth: number
  isLiving: boolean
  text: string
  createdAt: Date | string
  editedAt: Date | string | null
  pinnedAt: Date | string | null
  likesCount: number
  /** Those that answer it and that the viewer sees. */
  repliesCount: number
  viewer: { likes: boolean }
  author: Author
}

/** A comment on the post itself, with the first of its replies in the order in which one reads them. */
export interface Thread extends Remark {
  replies: Remark[]
  /** How many replies come after these. */
  more: number
}

export type Sort = 'newest' | 'oldest' | 'top'

interface Page {
  limit: number
  cursor?: string
}

interface Row extends Record<string, any> {
  id: string
}

const FIRST_REPLIES = 3

const FIRST_ID = '00000000-0000-0000-0000-000000000000'

const REMARKS = `
  select c.id, c.post_id, c.parent_id, c.depth, c.text, c.created_at, c.edited_at, c.pinned_at, c.likes_count,
         c.user_id, u.username, r.name, a.folder as avatar_folder, a.variants as avatar_variants, entry.root_id,
         case when ${livingComment('c')} then 1 else 0 end as is_living,
         c.replies_count - coalesce(hidden_replies.count, 0) as replies_count,
         c.thread_count - coalesce(hidden_below.count, 0) as thread_count,
         (select 1 from comment_likes where comment_id = c.id and user_id = :viewer) as likes`

/** SQLite does a cross join in the order of the text; of itself it begins with all comments there are. */
const JOINS = `
  cross join comments c
  join users u on u.id = c.user_id
  join profiles r on r.user_id = c.user_id
  left join media a on a.id = r.avatar_id and a.deleted_at is null
  left join (select parent_id, count(*) as count from hidden group by parent_id) as hidden_replies on hidden_replies.parent_id = c.id
  left join (select thread_id, count(*) as count from hidden group by thread_id) as hidden_below on hidden_below.thread_id = c.id
  where c.id = entry.id`

/** Up to so many comments on a post, their writers are looked at; of more, what those whom the viewer does not see wrote there. */
const FEW = 100

/** The comments on a post that the counters count and the viewer does not see. Neither database is free to begin elsewhere. */
function hiddenOn(post: string): Dialects {
  const few = `(select comments_count from posts where id = ${post}) <= ${FEW}`
  const mine = `d.post_id = ${post} and d.deleted_at is null`
  const isHidden = `not exists (select 1 from users u where u.id = d.user_id and ${visibleUser('u')})`
  const hidden = (byWriter: string, byGone: string) => `
    hidden as materialized (
      select d.parent_id, d.thread_id from ${byWriter} and ${isHidden}
      union all
      select d.parent_id, d.thread_id from ${byGone})`
  return {
    postgres: hidden(
      `comments d where ${few} and ${mine}`,
      `${hiddenUsers} as gone cross join lateral (
        select d.parent_id, d.thread_id from comments d where ${mine} and d.user_id = gone.id offset 0) as d
       where not ${few}`
    ),
    // It would ask each comment whether they are few: the post comes first.
    sqlite: hidden(
      `posts p cross join comments d where p.id = ${post} and p.comments_count <= ${FEW} and ${mine}`,
      `posts p cross join ${hiddenUsers} as gone cross join comments d
       where p.id = ${post} and p.comments_count > ${FEW} and ${mine} and d.user_id = gone.id`
    ),
  }
}

/** A statement with that, and with the text that the database needs. */
function statement(name: string, post: string, text: (hidden: string, dialect: keyof Dialects) => string) {
  const { postgres, sqlite } = hiddenOn(post)
  return new Statement<Row>(name, { postgres: text(postgres, 'postgres'), sqlite: text(sqlite, 'sqlite') })
}

const POST_OF_ID = '(select post_id from comments where id = :id)'

const byId = statement(
  'comment',
  POST_OF_ID,
  (hidden) => `with ${hidden}
   ${REMARKS} from (select id, id as root_id from comments where id = :id) as entry ${JOINS}
   and ${visibleComment('c')}`
)

const below = statement(
  'comment-replies',
  POST_OF_ID,
  (hidden) => `with ${hidden}
   ${REMARKS} from (
     select c.id, root.id as root_id from comments root join comments c on c.post_id = root.post_id
     where root.id = :id and ${onVisiblePost('root')} and c.lft > root.lft and c.lft < root.rgt
       and c.lft > (select lft from comments where id = :cursor) and ${listedComment('c')}
     order by c.lft limit :limit) as entry ${JOINS}
   order by c.lft`
)

const threads = {
  newest: threadsIn('newest', { after: 'c.id < :cursor', order: 'id desc' }),
  oldest: threadsIn('oldest', { after: 'c.id > :cursor', order: 'id' }),
  top: threadsIn('top', {
    after: `(c.likes_count, c.id) < (
      case when :first = 1 then 2147483647 else (select likes_count from comments where id = :cursor) end, :cursor)`,
    order: 'likes_count desc, id desc',
  }),
}

const place = new Statement<{ id: string }>(
  'comment-place',
  `select id from comments where id = :cursor and ${onVisiblePost('comments')}`
)

export const Threads = {
  async find(id: string, viewer: User | null): Promise<Remark | null> {
    const [row] = await byId.all({ id, ...seenBy(viewer) })
    return row ? toRemark(row) : null
  },

  /**
   * What is below a comment, on all levels: each one after what it answers, and before the next that answers the same.
   *
   * @throws Invalid for a cursor whose place nobody knows.
   */
  async below(id: string, viewer: User | null, { limit, cursor }: Page) {
    const rows = await below.all({ id, cursor: cursor ?? id, limit: limit + 1, ...seenBy(viewer) })
    if (rows.length === 0) await requirePlace(cursor, viewer)
    const remarks = rows.slice(0, limit).map(toRemark)
    return { remarks, nextCursor: rows.length > limit ? remarks.at(-1)!.id : null }
  },

  /**
   * The pinned one comes before the first page, in addition to it.
   *
   * @throws Invalid for a cursor whose place nobody knows.
   */
  async on(postId: string, viewer: User | null, { sort, limit, cursor }: Page & { sort: Sort }) {
    const from = cursor ?? (sort === 'oldest' ? FIRST_ID : undefined)
    const asked = { post: postId, first: cursor ? 0 : 1, ...keyset(from, limit), ...seenBy(viewer) }
    const found = await threads[sort].all(asked)
    if (found.length === 0 && sort === 'top') await requirePlace(cursor, viewer)
    const unpinned = found.filter(({ id, root_id: root, is_pinned: pinned }) => id === root && pinned === 0)
    const hasMore = unpinned.length > limit
    const all = collect(found)
    return { threads: hasMore ? all.slice(0, -1) : all, nextCursor: hasMore ? unpinned[limit - 1].id : null }
  },
}

/** What comes after a comment that was deleted for good, nobody knows: its place went with it. */
async function requirePlace(cursor: string | undefined, viewer: User | null) {
  if (!cursor || (await place.all({ cursor, ...seenBy(viewer) })).length > 0) return
  const message = 'The cursor field must name a comment that is still there: start again without it'
  throw new Invalid([{ field: 'cursor', rule: 'exists', message }])
}

function threadsIn(sort: Sort, { after, order }: { after: string; order: string }) {
  const isPinned = `(c.pinned_at is not null and ${livingComment('c')})`
  const page = `
    select c.id, c.post_id, c.lft, c.rgt, c.likes_count, 1 as is_pinned from comments c
    where :first = 1 and c.post_id = :post and ${isPinned} and ${onVisiblePost('c')}
    union all
    select * from (
      select c.id, c.post_id, c.lft, c.rgt, c.likes_count, 0 as is_pinned from comments c
      where c.post_id = :post and c.parent_id is null and not ${isPinned} and ${after} and ${listedComment('c')}
        and ${onVisiblePost('c')}
      order by ${prefixed('c', order)} limit :limit) as others`
  const replies = `
    select d.id from comments d
    where d.post_id = page.post_id and d.lft > page.lft and d.lft < page.rgt and ${listedComment('d')}
    order by d.lft limit ${FIRST_REPLIES}`
  const first = {
    postgres: `cross join lateral (${replies}) as reply`,
    sqlite: `join comments reply on reply.id in (${replies})`,
  }
  return statement(
    `threads-${sort}`,
    ':post',
    (hidden, dialect) => `
    with ${hidden}, page as materialized (${page}), entry as (
      select id, id as root_id from page
      union all
      select reply.id, page.id as root_id from page ${first[dialect]})
    ${REMARKS}, page.is_pinned from entry join page on page.id = entry.root_id ${JOINS}
    order by page.is_pinned desc, ${prefixed('page', order)}, case when c.id = page.id then 0 else 1 end, c.lft`
  )
}

function prefixed(table: string, order: string) {
  return order
    .split(', ')
    .map((column) => `${table}.${column}`)
    .join(', ')
}

/** Folds the rows, each thread's own before those of its replies, into threads. */
function collect(rows: Row[]): Thread[] {
  const found: Thread[] = []
  for (const row of rows) {
    if (row.id === row.root_id) found.push({ ...toRemark(row), replies: [], more: Number(row.thread_count) })
    else {
      const thread = found.at(-1)!
      const reply = toRemark(row)
      thread.replies.push(reply)
      if (reply.isLiving && thread.more > 0) thread.more--
    }
  }
  return found
}

function toRemark(row: Row): Remark {
  return {
    id: row.id,
    postId: row.post_id,
    parentId: row.parent_id,
    depth: row.depth,
    isLiving: row.is_living === 1,
    text: row.text,
    createdAt: row.created_at,
    editedAt: row.edited_at,
    pinnedAt: row.pinned_at,
    likesCount: row.likes_count,
    repliesCount: Number(row.replies_count),
    viewer: { likes: row.likes !== null },
    author: {
      id: row.user_id,
      username: row.username,
      name: row.name,
      avatar: row.avatar_folder && { folder: row.avatar_folder, variants: JSON.parse(row.avatar_variants) },
    },
  }
}
