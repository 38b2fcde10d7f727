import type {} from '@adonisjs/auth/initialize_auth_middleware'
import { HttpContext } from '@adonisjs/core/http'
import type { ApplicationService } from '@adonisjs/core/types'

/**
 * Gives a request its authenticator, `ctx.auth`, when it is first asked for. The stock middleware makes one for every
 * request, and shares it with the views, for which each request pays a renderer.
 */
export default class SessionsProvider {
  constructor(protected app: ApplicationService) {}

  async boot() {
    const manager = await this.app.container.make('auth.manager')
    const authenticator = function (this: HttpContext) {
      return manager.createAuthenticator(this)
    }
    HttpContext.getter('auth', authenticator, true)
  }
}
