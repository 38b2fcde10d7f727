import Type, { type Static } from 'typebox'
import type Profile from '#models/profile'
import type User from '#models/user'
import { transformVariants, variantsSchema } from '#transformers/media_transformer'
import { closed, Id, Instant, nullable } from '#transformers/schema'

export const profileSchema = closed(
  {
    name: nullable(Type.String()),
    bio: nullable(Type.String()),
    website: nullable(Type.String()),
    pronouns: nullable(Type.String()),
    avatar: nullable(variantsSchema),
  },
  'Profile'
)

export const userSchema = closed(
  {
    id: Id,
    username: Type.String(),
    email: Type.Optional(Type.String({ description: 'For its owner alone.' })),
    role: Type.Optional(Type.Enum(['member', 'admin'], { description: 'For its owner alone.' })),
    profile: profileSchema,
    counts: closed({ posts: Type.Integer(), followers: Type.Integer(), following: Type.Integer() }),
    createdAt: Instant,
  },
  'User'
)

export function transformProfile({ name, bio, website, pronouns, avatar }: Profile): Static<typeof profileSchema> {
  return { name, bio, website, pronouns, avatar: avatar ? transformVariants(avatar, { isPublic: true }) : null }
}

/** What everyone is told of an account; its owner is told the e-mail and the role too. */
export function transformUser(user: User, viewer: User | null): Static<typeof userSchema> {
  const { id, username, createdAt, postsCount, followersCount, followingCount, profile } = user
  const own = viewer?.id === id ? { email: user.email, role: user.role } : {}
  return {
    id,
    username,
    ...own,
    profile: transformProfile(profile),
    counts: { posts: postsCount, followers: followersCount, following: followingCount },
    createdAt: createdAt.toISO()!,
  }
}
