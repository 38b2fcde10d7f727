import type { HttpContext } from '@adonisjs/core/http'
import { AlreadyUploaded, NotFound, UploadRefused } from '#exceptions/domain'
import Media from '#models/media'
import media from '#providers/media/service'
import storage from '#providers/storage/service'

const CACHE_CONTROL = {
  public: 'public, max-age=31536000, immutable',
  signed: 'private, max-age=600',
}

/** The stored files. The row that owns one decides who may fetch it; who was given its address may put one. */
export default class FilesController {
  async show(ctx: HttpContext) {
    const key = ctx.params['*'].join('/')
    const visibility = await Media.visibilityOfFile(key)
    const mayFetch = visibility === 'public' || (visibility === 'signed' && storage.isSigned(key, ctx.request.qs()))
    const isServed = mayFetch && (await storage.serve(ctx, key, { cacheControl: CACHE_CONTROL[visibility] }))
    if (!isServed) throw new NotFound()
  }

  /** The file of a direct upload, where the disk takes none by itself. */
  async update({ params, request, response }: HttpContext) {
    const key = params['*'].join('/')
    const { 'content-type': contentType = '', 'content-length': size = '' } = request.headers()
    if (!storage.isPresigned(key, request.qs(), { contentType, size })) throw new UploadRefused()
    if (await storage.stat(key)) throw new AlreadyUploaded()

    await media.admit(() => storage.put(key, media.body(request.request, Number(size)), { contentType }))
    return response.noContent()
  }
}
