import BodyParserMiddleware from '@adonisjs/core/bodyparser_middleware'
import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { MalformedBody, NotFound, UnsupportedBody } from '#exceptions/domain'
import { inTime, inputLimits, isKeepable } from '#providers/validation/index'

/** Their bodies are files, or have one: the routes read them by themselves. */
const TAKES_A_FILE = new Set(['media.store', 'profile_avatar.store', 'files.update'])

/** Reads the body, within the limits and in time, and lets no address by that names what cannot be kept. */
export default class InputMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    if (!Object.values(ctx.params).flat().every(isKeepable)) throw new NotFound()
    if (!TAKES_A_FILE.has(ctx.route?.name ?? '')) await this.read(ctx)
    return next()
  }

  private async read(ctx: HttpContext) {
    if (!hasBody(ctx)) return
    if (!ctx.request.is(['application/json'])) throw new UnsupportedBody()
    const parser = await ctx.containerResolver.make(BodyParserMiddleware)
    try {
      await inTime(inputLimits.bodySeconds, () => parser.handle(ctx, async () => {}))
    } catch (error) {
      throw error.status ? error : new MalformedBody(undefined, { cause: error })
    }
  }
}

function hasBody({ request }: HttpContext) {
  if (['GET', 'HEAD'].includes(request.method())) return false
  return request.header('transfer-encoding') !== undefined || Number(request.header('content-length') ?? 0) > 0
}
