import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { compose } from '@adonisjs/core/helpers'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DateTime, type DurationLike } from 'luxon'
import { AuthAccessTokenSchema } from '#database/schema'
import type { Scope } from '#models/scope'
import User from '#models/user'
import { Lookup, Statement, uuidv7, withUuid } from '#providers/portable/index'

const LIFETIME = { days: 90 }
const MINUTE = 60_000
const TOKEN = /^calotype_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_([\w-]{43})$/

interface Row {
  session_id: string
  scopes: string
  hash: string
  expires_at: Date | string
  last_used_at: Date | string | null
}

const sessions = (keys: string) =>
  `select s.id as session_id, s.scopes, s.hash, s.expires_at, s.last_used_at, u.id, u.username, u.email, u.role, u.following_count, u.created_at
   from auth_access_tokens s join users u on u.id = s.user_id
   where s.id ${keys} and u.deleted_at is null and u.suspended_at is null`

// Each request asks for one.
const byId = new Lookup(
  new Statement<Row>('session-by-id', {
    postgres: sessions('= any(array(select json_array_elements_text(:keys)::uuid))'),
    sqlite: sessions('in (select value from json_each(:keys))'),
  }),
  (row) => row.session_id
)

export interface StartOptions {
  device: string | null
  scopes?: readonly Scope[]
  lifetime?: DurationLike
}

/** A log-in on one device. Its token is `calotype_<id>_<secret>`; the database has a hash of the secret. */
export default class Session extends compose(AuthAccessTokenSchema, withUuid) {
  static table = 'auth_access_tokens'

  /** Whether the user may have one is not asked here: see `User.logInWith`. */
  static async start(
    user: User,
    { device, scopes = ['read', 'write'], lifetime = LIFETIME }: StartOptions,
    client?: TransactionClientContract
  ) {
    const id = uuidv7()
    const secret = randomBytes(32).toString('base64url')
    const expiresAt = DateTime.utc().plus(lifetime)
    const row = { id, userId: user.id, device, scopes: scopes.join(' '), hash: sha256(secret), expiresAt }
    await this.create(row, { client })
    return { token: `calotype_${id.replaceAll('-', '')}_${secret}`, scopes, expiresAt, user }
  }

  static async authenticate(token: string): Promise<User | null> {
    const [, ...parts] = TOKEN.exec(token) ?? []
    const secret = parts.pop()
    if (!secret) return null

    const row = await byId.find(parts.join('-'))
    if (!row || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(sha256(secret)))) return null
    if (new Date(row.expires_at).getTime() <= Date.now()) return null

    if (Date.now() - new Date(row.last_used_at ?? 0).getTime() > MINUTE) await this.touch(row.session_id)
    const user = User.$createFromAdapterResult(row as object) as User
    user.sessionId = row.session_id
    user.scopes = row.scopes.split(' ')
    return user
  }

  static findOwn(id: string, owner: User) {
    return this.query().where('userId', owner.id).where('id', id).firstOrFail()
  }

  /** Ends the session in which the user asks. */
  static async endOf(user: User) {
    await this.query().where('id', user.sessionId!).delete()
  }

  static livingOf(user: User) {
    return this.query().where('userId', user.id).where('expiresAt', '>', DateTime.utc().toISO()).orderBy('id', 'desc')
  }

  private static touch(id: string) {
    return this.query().where('id', id).update({ lastUsedAt: DateTime.utc().toISO() })
  }
}

function sha256(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
