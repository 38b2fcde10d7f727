import type { HttpContext } from '@adonisjs/core/http'
import { AlreadyUploaded, NotFound, UploadRefused } from '#exceptions/domain'
import { StorageUnavailable, uploadFailures } from '#exceptions/failures'
import Media from '#models/media'
import media from '#providers/media/service'
import storage from '#providers/storage/service'
import { operation } from '#providers/openapi/index'

const CACHE_CONTROL = {
  public: 'public, max-age=31536000, immutable',
  signed: 'private, max-age=600',
}

/** The stored files. The row that owns one decides who may fetch it; who was given its address may put one. */
export default class FilesController {
  @operation({
    summary: 'Fetch a file of a photograph',
    answers: { 200: { type: 'image/*' }, 206: { type: 'image/*' }, 304: null, 416: null },
    fails: [NotFound, StorageUnavailable],
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

  /** The file of a direct upload, where the disk takes none by itself. */
  @operation({
    summary: 'Send the file of a direct upload',
    description: 'To an address that `POST /v1/uploads` gave, with the headers that it gave.',
    answers: { 204: null },
    fails: [UploadRefused, AlreadyUploaded, ...uploadFailures],
  })
  async update({ params, request, response }: HttpContext) {
    const key = params['*'].join('/')
    const { 'content-type': contentType = '', 'content-length': size = '' } = request.headers()
    if (!storage.isPresigned(key, request.qs(), { contentType, size })) throw new UploadRefused()
    if (await storage.stat(key)) throw new AlreadyUploaded()

    await media.admit(() => storage.put(key, media.body(request.request, Number(size)), { contentType }))
    return response.noContent()
  }
}
