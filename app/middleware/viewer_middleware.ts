import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { ScopeMissing } from '#exceptions/domain'
import { Usage } from '#middleware/usage'

/** Lets in everyone, and knows who has a token. A token that is not valid is refused: it would silently show less. */
export default class ViewerMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    if (ctx.request.header('authorization')) {
      const user = await ctx.auth.authenticate()
      if (!user.scopes?.includes('read')) throw new ScopeMissing('read')
      await Usage.ofAccount(ctx)
    }
    return next()
  }
}
