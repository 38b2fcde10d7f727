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

/** What `Session.start` gives, with the token that is told only once. */
export function transformNewSession(made: Awaited<ReturnType<typeof Session.start>>): Static<typeof newSessionSchema> {
  const { token, scopes, expiresAt, user } = made
  return { token, scopes: [...scopes], expiresAt: expiresAt.toISO()!, user: { id: user.id, username: user.username } }
}
