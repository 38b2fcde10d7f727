import Type, { type Static } from 'typebox'
import { SCOPES } from '#models/scope'
import type Session from '#models/session'
import type User from '#models/user'
import { closed, Id, Instant, nullable } from '#transformers/schema'

const scopesSchema = Type.Array(Type.Enum(Object.keys(SCOPES)))

export const sessionSchema = closed(
  {
    id: Id,
    device: nullable(Type.String()),
    scopes: scopesSchema,
    isCurrent: Type.Boolean(),
    createdAt: Instant,
    lastUsedAt: nullable(Instant),
    expiresAt: Instant,
  },
  'Session'
)

export const newSessionSchema = closed(
  {
    token: Type.String({ description: 'To be sent as `Authorization: Bearer …`. It is told only here.' }),
    scopes: scopesSchema,
    expiresAt: Instant,
    user: closed({ id: Id, username: Type.String() }),
  },
  'NewSession'
)

export function transformSession(session: Session, viewer: User): Static<typeof sessionSchema> {
  const { id, device, createdAt, lastUsedAt, expiresAt } = session
  return {
    id,
    device,
    scopes: session.scopes.split(' '),
    isCurrent: id === viewer.sessionId,
    createdAt: createdAt.toISO()!,
    lastUsedAt: lastUsedAt?.toISO() ?? null,
    expiresAt: expiresAt.toISO()!,
  }
}

export function transformNewSession(token: string, session: Session, user: User): Static<typeof newSessionSchema> {
  const { id, username } = user
  return { token, scopes: session.scopes.split(' '), expiresAt: session.expiresAt.toISO()!, user: { id, username } }
}
