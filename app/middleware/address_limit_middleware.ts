import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { Usage } from '#middleware/usage'

/** Bounds what comes from one address, before its token and its body are looked at. Pages, files and health are free. */
export default class AddressLimitMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    if (ctx.route?.pattern.startsWith('/v1/')) await Usage.ofAddress(ctx)
    return next()
  }
}
