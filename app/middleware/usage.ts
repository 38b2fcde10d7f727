import type { HttpContext } from '@adonisjs/core/http'
import type { LimiterResponse } from '@adonisjs/limiter'
import limiter from '@adonisjs/limiter/services/main'
import { kinds, limits } from '#config/limiter'
import { networkOf } from '#providers/addresses/index'

/** How much an address and an account do, and whether that is too much. */
export const Usage = {
  async ofAddress(ctx: HttpContext) {
    const kind = kindOf(ctx)
    const network = networkOf(ctx.request.ip() ?? '')
    showStanding(ctx, await limiter.use(limits[kind].address).consume(`${kind}:${network}`))
  },

  async ofAccount(ctx: HttpContext) {
    const kind = kindOf(ctx)
    const limit = limits[kind].account
    if (limit) showStanding(ctx, await limiter.use(limit).consume(`${kind}:${ctx.auth.user!.id}`))
  },
}

function kindOf({ request, route }: HttpContext): keyof typeof limits {
  const other = ['GET', 'HEAD'].includes(request.method()) ? 'read' : 'write'
  return kinds[route?.name ?? ''] ?? other
}

/** Of several limits the answer shows the one that is met first. */
function showStanding({ response }: HttpContext, standing: LimiterResponse) {
  const shown = response.getHeader('RateLimit-Remaining')
  if (shown !== undefined && Number(shown) <= standing.remaining) return
  for (const [name, value] of Object.entries(standingHeaders(standing))) response.header(name, value)
}

export function standingHeaders({ limit, remaining, availableIn }: LimiterResponse) {
  return {
    'RateLimit-Limit': String(limit),
    'RateLimit-Remaining': String(Math.max(0, remaining)),
    'RateLimit-Reset': String(Math.max(1, availableIn)),
  }
}
