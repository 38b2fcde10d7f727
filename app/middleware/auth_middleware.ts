import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { Usage } from '#middleware/usage'

/** Lets in who has a valid token and does not do too much; the others get 401, before their body is read. */
export default class AuthMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    await ctx.auth.authenticate()
    await Usage.ofAccount(ctx)
    return next()
  }
}
