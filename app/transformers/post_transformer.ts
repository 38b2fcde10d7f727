import Type, { type Static } from 'typebox'
import type { Album } from '#models/album'
import type User from '#models/user'
import { authorSchema, transformAuthor } from '#transformers/author_transformer'
import { mediumSchema, transformMedium } from '#transformers/media_transformer'
import { closed, Id, Instant, nullable } from '#transformers/schema'

export const postSchema = closed(
  {
    id: Id,
    author: authorSchema,
    caption: Type.String(),
    visibility: Type.Enum(['public', 'followers']),
    media: Type.Array(mediumSchema),
    counts: closed({ media: Type.Integer(), likes: Type.Integer(), comments: Type.Integer() }),
    viewer: closed({ isAuthor: Type.Boolean(), likes: Type.Boolean(), bookmarks: Type.Boolean() }),
    archivedAt: nullable(Instant),
    pinnedAt: nullable(Instant),
    commentsLockedAt: nullable(Instant),
    createdAt: Instant,
    updatedAt: Instant,
  },
  'Post'
)

export function transformPost(album: Album, viewer: User | null): Static<typeof postSchema> {
  const { id, caption, visibility, isPublic, archivedAt, pinnedAt, commentsLockedAt, createdAt, updatedAt, author } =
    album
  return {
    id,
    author: transformAuthor(author),
    caption,
    visibility,
    media: album.media.map((medium) => transformMedium(medium, { isPublic })),
    counts: { media: album.media.length, likes: album.likesCount, comments: album.commentsCount },
    viewer: { isAuthor: viewer?.id === author.id, ...album.viewer },
    archivedAt,
    pinnedAt,
    commentsLockedAt,
    createdAt,
    updatedAt,
  }
}
