import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { ScopeMissing } from '#exceptions/domain'
import { Usage } from '#middleware/usage'
import type { Scope } from '#models/scope'

/**
 * Lets in who has a valid token that is good for this, and does not do too much; the others get 401, 403 or 429, before the
 * file of an upload is read.
 */
export default class AuthMiddleware {
  async handle(ctx: HttpContext, next: NextFn, { scope }: { scope: Scope }) {
    const user = await ctx.auth.authenticate()
    if (!user.scopes?.includes(scope)) throw new ScopeMissing(scope)
    await Usage.ofAccount(ctx)
    return next()
  }
}
