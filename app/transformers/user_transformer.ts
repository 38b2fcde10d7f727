import Type, { type Static } from 'typebox'
import type Profile from '#models/profile'
import type { Neighbour } from '#models/circle'
import type { Relationships } from '#models/relationship'
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

export const relationshipSchema = closed(
  {
    isSelf: Type.Boolean(),
    follows: Type.Boolean(),
    isFollowedBy: Type.Boolean(),
    hasRequested: Type.Boolean(),
    isRequestedBy: Type.Boolean(),
    mutes: Type.Boolean(),
  },
  'Relationship'
)

export const userSchema = closed(
  {
    id: Id,
    username: Type.String(),
    email: Type.Optional(Type.String({ description: 'For its owner alone.' })),
    role: Type.Optional(Type.Enum(['member', 'admin'], { description: 'For its owner alone.' })),
    profile: profileSchema,
    isPrivate: Type.Boolean({ description: 'Whether it lets in only those whom it accepts.' }),
    counts: closed({ posts: Type.Integer(), followers: Type.Integer(), following: Type.Integer() }),
    viewer: nullable(relationshipSchema),
    createdAt: Instant,
  },
  'User'
)

export const muteSchema = closed({ user: userSchema, until: nullable(Instant), createdAt: Instant }, 'Mute')

export const followRequestSchema = closed({ id: Id, user: userSchema, createdAt: Instant }, 'FollowRequest')

export function transformProfile({ name, bio, website, pronouns, avatar }: Profile): Static<typeof profileSchema> {
  return { name, bio, website, pronouns, avatar: avatar ? transformVariants(avatar, { isPublic: true }) : null }
}

/** What everyone is told of an account; its owner is told the e-mail and the role too. */
export function transformUser(
  user: User,
  viewer: User | null,
  relationships: Relationships
): Static<typeof userSchema> {
  const { id, username, isPrivate, createdAt, postsCount, followersCount, followingCount, profile } = user
  const own = viewer?.id === id ? { email: user.email, role: user.role } : {}
  return {
    id,
    username,
    ...own,
    profile: transformProfile(profile),
    isPrivate,
    counts: { posts: postsCount, followers: followersCount, following: followingCount },
    viewer: relationships?.get(id) ?? null,
    createdAt: createdAt.toISO()!,
  }
}

export function transformMute(
  { user, expiresAt, createdAt }: Neighbour,
  viewer: User,
  relationships: Relationships
): Static<typeof muteSchema> {
  return { user: transformUser(user, viewer, relationships), until: expiresAt, createdAt }
}

/** Its user is who asks where it comes in, and who was asked where it goes out. */
export function transformFollowRequest(
  { id, user, createdAt }: Neighbour,
  viewer: User,
  relationships: Relationships
): Static<typeof followRequestSchema> {
  return { id, user: transformUser(user, viewer, relationships), createdAt }
}
