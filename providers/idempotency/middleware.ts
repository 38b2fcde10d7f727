import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'

/** Of a route that makes something with `ctx.once()`; after the middleware that tells who asks. */
export default class IdempotencyMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    const idempotency = await ctx.containerResolver.make('idempotency')
    return idempotency.handle(ctx, next)
  }
}
