import Type, { type Static } from 'typebox'
import type { Remark, Thread } from '#models/thread'
import type User from '#models/user'
import { authorSchema, transformAuthor } from '#transformers/author_transformer'
import { closed, Id, Instant, nullable, page } from '#transformers/schema'

const fields = {
  id: Id,
  postId: Id,
  parentId: nullable(Id),
  depth: Type.Integer({ description: 'How many comments it is below.' }),
  isDeleted: Type.Boolean({ description: 'A tombstone, in the place of what replies are left below.' }),
  author: nullable(authorSchema),
  text: nullable(Type.String()),
  viewer: closed({ isAuthor: Type.Boolean(), likes: Type.Boolean() }),
  createdAt: Instant,
  editedAt: nullable(Instant),
  pinnedAt: nullable(Instant),
}

export const commentSchema = closed(
  {
    ...fields,
    counts: closed({ likes: Type.Integer(), replies: Type.Integer({ description: 'Those that answer it.' }) }),
  },
  'Comment'
)

export const threadSchema = closed(
  {
    ...fields,
    counts: closed({
      likes: Type.Integer(),
      replies: Type.Integer({ description: 'Those that answer it.' }),
      more: Type.Integer({ description: 'How many there are below it, on all levels, besides those shown here.' }),
    }),
    replies: page(commentSchema),
  },
  'Thread'
)

export function transformComment(remark: Remark, viewer: User | null): Static<typeof commentSchema> {
  const { id, postId, parentId, depth, author, text, createdAt, editedAt, pinnedAt } = remark
  const place = { id, postId, parentId, depth, createdAt }
  const replies = remark.repliesCount
  if (!remark.isLiving) return { ...place, ...TOMBSTONE, counts: { likes: 0, replies } }
  return {
    ...place,
    isDeleted: false,
    author: transformAuthor(author),
    text,
    counts: { likes: remark.likesCount, replies },
    viewer: { isAuthor: viewer?.id === author.id, ...remark.viewer },
    editedAt,
    pinnedAt,
  }
}

/** The cursor of its replies is one for the list of them. */
export function transformThread(thread: Thread, viewer: User | null): Static<typeof threadSchema> {
  const { counts, ...comment } = transformComment(thread, viewer)
  const { replies, more } = thread
  // What is counted and has no place, until `comments:repair`, is not shown.
  const nextCursor = more > 0 ? (replies.at(-1)?.id ?? null) : null
  return {
    ...comment,
    counts: { ...counts, more },
    replies: { data: replies.map((reply) => transformComment(reply, viewer)), meta: { nextCursor } },
  }
}

const TOMBSTONE = {
  isDeleted: true,
  author: null,
  text: null,
  viewer: { isAuthor: false, likes: false },
  editedAt: null,
  pinnedAt: null,
}
