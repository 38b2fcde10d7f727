import type { HttpContext } from '@adonisjs/core/http'
import { NotFound, NotUploaded, TooManyUploads, UploadExpired } from '#exceptions/domain'
import { StorageUnavailable, uploadFailures } from '#exceptions/failures'
import Upload from '#models/upload'
import media from '#providers/media/service'
import { operation } from '#providers/openapi/index'
import { ownMediumSchema, transformOwnMedium } from '#transformers/media_transformer'
import { data } from '#transformers/schema'
import { transformUpload, uploadSchema } from '#transformers/upload_transformer'
import { completeUploadValidator, startUploadValidator } from '#validators/upload'

/** Uploads past this server: it signs the address that the file is sent to, and makes a medium of what was sent. */
export default class UploadsController {
  @operation({
    summary: 'Begin a direct upload',
    description: 'Send the file to the address that is answered, with its headers, and then complete the upload.',
    body: startUploadValidator,
    answers: { 201: data(uploadSchema) },
    fails: [TooManyUploads, StorageUnavailable],
  })
  async store(ctx: HttpContext) {
    const file = await ctx.request.validateUsing(startUploadValidator)
    return ctx.once({
      make: () => Upload.start(ctx.auth.user!, file),
      keep: transformUpload,
      answer: (started) => {
        ctx.response.status(201).header('Location', `/v1/uploads/${started.id}`).header('Cache-Control', 'no-store')
        return { data: started }
      },
    })
  }

  @operation({
    summary: 'Make a photograph of what was sent',
    body: completeUploadValidator,
    answers: { 201: data(ownMediumSchema) },
    fails: [NotFound, NotUploaded, UploadExpired, ...uploadFailures],
  })
  async update({ auth, params, request, response }: HttpContext) {
    const upload = await Upload.findOwn(params.id, auth.user!)
    const details = await request.validateUsing(completeUploadValidator)
    const medium = await media.admit(() => upload.complete(auth.user!, details))
    response.status(201).header('Location', `/v1/media/${medium.id}`)
    return { data: transformOwnMedium(medium, { isPublic: await medium.isPublic() }) }
  }
}
