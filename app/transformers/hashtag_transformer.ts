import Type, { type Static } from 'typebox'
import type { VisibleHashtag } from '#models/hashtag'
import { closed } from '#transformers/schema'

export const hashtagSchema = closed(
  {
    name: Type.String({ description: 'As it was written first.' }),
    counts: closed({ posts: Type.Integer({ description: 'Those that the viewer sees, counted up to 10,000.' }) }),
  },
  'Hashtag'
)

export function transformHashtag({ name, postsCount }: VisibleHashtag): Static<typeof hashtagSchema> {
  return { name, counts: { posts: postsCount } }
}
