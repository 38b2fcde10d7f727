import type Profile from '#models/profile'
import type Session from '#models/session'
import type User from '#models/user'
import { transformVariants } from '#transformers/media_transformer'

export function transformProfile({ name, bio, website, pronouns, avatar }: Profile) {
  return { name, bio, website, pronouns, avatar: avatar ? transformVariants(avatar, { isPublic: true }) : null }
}

/** What everyone is told of an account; its owner is told the e-mail and the role too. */
export function transformUser(user: User, viewer: User | null) {
  const { id, username, createdAt, postsCount, followersCount, followingCount, profile } = user
  const own = viewer?.id === id ? { email: user.email, role: user.role } : {}
  return {
    id,
    username,
    ...own,
    profile: transformProfile(profile),
    counts: { posts: postsCount, followers: followersCount, following: followingCount },
    createdAt: createdAt.toISO(),
  }
}

export function transformSession({ id, device, createdAt, lastUsedAt, expiresAt }: Session, viewer: User) {
  return {
    id,
    device,
    isCurrent: id === viewer.sessionId,
    createdAt: createdAt.toISO(),
    lastUsedAt: lastUsedAt?.toISO() ?? null,
    expiresAt: expiresAt.toISO(),
  }
}
