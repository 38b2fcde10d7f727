import type { Album } from '#models/album'
import type User from '#models/user'
import { transformMedium, transformVariants } from '#transformers/media_transformer'

export function transformPost(album: Album, viewer: User | null) {
  const { id, caption, visibility, archivedAt, pinnedAt, createdAt, updatedAt, author } = album
  const isPublic = visibility === 'public' && archivedAt === null
  return {
    id,
    author: { ...author, avatar: author.avatar && transformVariants(author.avatar, { isPublic: true }) },
    caption,
    visibility,
    media: album.media.map((medium) => transformMedium(medium, { isPublic })),
    counts: { media: album.media.length, likes: album.likesCount, comments: album.commentsCount },
    viewer: { isAuthor: viewer?.id === author.id },
    archivedAt,
    pinnedAt,
    createdAt,
    updatedAt,
  }
}
