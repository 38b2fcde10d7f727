import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain'
import Media from '#models/media'
import storage from '#providers/storage/service'
import { operation } from '#providers/openapi/index'

const CACHE_CONTROL = {
  public: 'public, max-age=31536000, immutable',
  signed: 'private, max-age=600',
}

/** The stored pictures. The row that owns a file decides who may fetch it. */
export default class FilesController {
  @operation({
    summary: 'Fetch a file of a photograph',
    answers: { 200: { type: 'image/*' }, 206: { type: 'image/*' }, 304: null, 416: null },
    fails: [NotFound],
  })
  async show(ctx: HttpContext) {
    const key = ctx.params['*'].join('/')
    const visibility = await Media.visibilityOfFile(key)
    // Pages of others may show the pictures.
    ctx.response.header('Cross-Origin-Resource-Policy', 'cross-origin')
    const mayFetch = visibility === 'public' || (visibility === 'signed' && storage.isSigned(key, ctx.request.qs()))
    const isServed = mayFetch && (await storage.serve(ctx, key, { cacheControl: CACHE_CONTROL[visibility] }))
    if (!isServed) throw new NotFound()
  }
}
