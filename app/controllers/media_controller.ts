import type { HttpContext } from '@adonisjs/core/http'
import { MediumInUse } from '#exceptions/domain'
import Media from '#models/media'
import media from '#providers/media/service'
import { transformOwnMedium } from '#transformers/media_transformer'
import { editMediumValidator, uploadValidator } from '#validators/media'

/** The upload of a photograph, and what its owner does with it until a post shows it. */
export default class MediaController {
  async store({ auth, request, response }: HttpContext) {
    const medium = await media.admit(() =>
      media.receive(request.request, response.response, async ({ path, fields }) => {
        const { altText, focalPoint } = await uploadValidator.validate(fields)
        return Media.upload(auth.user!, await media.picture(path, { focalPoint }), { altText, focalPoint })
      })
    )
    response.status(201).header('Location', `/v1/media/${medium.id}`)
    return this.serialize(medium)
  }

  async show({ auth, params }: HttpContext) {
    return this.serialize(await Media.findOwn(params.id, auth.user!))
  }

  async update({ auth, params, request }: HttpContext) {
    const medium = await Media.findOwn(params.id, auth.user!)
    await medium.describe(await request.validateUsing(editMediumValidator))
    return this.serialize(medium)
  }

  async destroy({ auth, params, response }: HttpContext) {
    const medium = await Media.findOwn(params.id, auth.user!)
    if (!(await medium.deleteIfFree())) throw new MediumInUse()
    return response.noContent()
  }

  private async serialize(medium: Media) {
    return { data: transformOwnMedium(medium, { isPublic: await medium.isPublic() }) }
  }
}
