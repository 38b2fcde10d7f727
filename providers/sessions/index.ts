import { errors, symbols } from '@adonisjs/auth'
import type { GuardConfigProvider } from '@adonisjs/auth/types'
import type { AuthClientResponse, GuardContract } from '@adonisjs/auth/types'
import type { HttpContext } from '@adonisjs/core/http'

export { assertGuarded, E_UNGUARDED_ROUTE } from './guarded.js'

/** What the guard needs of the model that keeps the sessions. */
export interface SessionModel<User> {
  /** The user whose token this is, asked for in one statement; null when it is unknown, wrong or expired. */
  authenticate(token: string): Promise<User | null>
  /** A new token for the user, in clear: only its hash is kept. */
  start(user: User, options: { device: string | null }): Promise<{ token: string }>
}

/**
 * A guard for opaque bearer tokens that asks the database once a request, where the stock one asks three times and writes
 * before it has checked the secret and the expiry.
 *
 * @param load imports the model; that happens at the first request.
 */
export function sessionGuard<User>(
  load: () => Promise<{ default: SessionModel<User> }>
): GuardConfigProvider<(ctx: HttpContext) => SessionGuard<User>> {
  return {
    async resolver() {
      let model: ReturnType<typeof load> | undefined
      return (ctx) => new SessionGuard(ctx, () => (model ??= load()))
    },
  }
}

export class SessionGuard<User> implements GuardContract<User> {
  declare [symbols.GUARD_KNOWN_EVENTS]: {}
  driverName = 'session'
  authenticationAttempted = false
  isAuthenticated = false
  user?: User

  constructor(
    private ctx: HttpContext,
    private load: () => Promise<{ default: SessionModel<User> }>
  ) {}

  /**
   * The user of the request's `Authorization: Bearer` header.
   *
   * @throws E_UNAUTHORIZED_ACCESS (401) without a token, or with one that is not valid.
   */
  async authenticate(): Promise<User> {
    if (this.authenticationAttempted) return this.getUserOrFail()
    this.authenticationAttempted = true

    const [, token] = /^Bearer +(\S+)$/i.exec(this.ctx.request.header('authorization') ?? '') ?? []
    if (token) this.user = (await (await this.load()).default.authenticate(token)) ?? undefined
    this.isAuthenticated = this.user !== undefined
    return this.getUserOrFail()
  }

  /** Whether the request has a valid token. */
  async check(): Promise<boolean> {
    try {
      await this.authenticate()
      return true
    } catch (error) {
      if (error instanceof errors.E_UNAUTHORIZED_ACCESS) return false
      throw error
    }
  }

  /** @throws E_UNAUTHORIZED_ACCESS (401) when nobody is logged in. */
  getUserOrFail(): User {
    if (this.user) return this.user
    throw new errors.E_UNAUTHORIZED_ACCESS(
      'A valid token is needed: log in and send it as "Authorization: Bearer …".',
      {
        guardDriverName: this.driverName,
      }
    )
  }

  /** The headers with which a test's client is the user. */
  async authenticateAsClient(user: User): Promise<AuthClientResponse> {
    const { token } = await (await this.load()).default.start(user, { device: null })
    return { headers: { authorization: `Bearer ${token}` } }
  }
}
