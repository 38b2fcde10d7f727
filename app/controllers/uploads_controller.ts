import type { HttpContext } from '@adonisjs/core/http'
import Upload from '#models/upload'
import media from '#providers/media/service'
import { transformOwnMedium } from '#transformers/media_transformer'
import { transformUpload } from '#transformers/upload_transformer'
import { completeUploadValidator, startUploadValidator } from '#validators/upload'

/** Uploads past this server: it signs the address that the file is sent to, and makes a medium of what was sent. */
export default class UploadsController {
  async store({ auth, request, response }: HttpContext) {
    const { upload, destination } = await Upload.start(auth.user!, await request.validateUsing(startUploadValidator))
    response.status(201).header('Location', `/v1/uploads/${upload.id}`).header('Cache-Control', 'no-store')
    return { data: transformUpload(upload, destination) }
  }

  async update({ auth, params, request, response }: HttpContext) {
    const upload = await Upload.findOwn(params.id, auth.user!)
    const details = await request.validateUsing(completeUploadValidator)
    const medium = await media.admit(() => upload.complete(auth.user!, details))
    response.status(201).header('Location', `/v1/media/${medium.id}`)
    return { data: transformOwnMedium(medium, { isPublic: await medium.isPublic() }) }
  }
}
