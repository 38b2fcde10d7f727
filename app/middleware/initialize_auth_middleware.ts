import type {} from '@adonisjs/auth/initialize_auth_middleware'
import type { HttpContext } from '@adonisjs/core/http'
import type { ContainerBindings } from '@adonisjs/core/types'
import type { NextFn } from '@adonisjs/core/types/http'

let found: ContainerBindings['auth.manager'] | undefined

/** The stock one also shares the authenticator with the views, for which each request pays a renderer. */
export default class InitializeAuthMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    const manager = (found ??= await ctx.containerResolver.make('auth.manager'))
    ctx.auth = manager.createAuthenticator(ctx)
    return next()
  }
}
