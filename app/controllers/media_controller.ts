import type { HttpContext } from '@adonisjs/core/http'
import { MediumInUse } from '#exceptions/domain'
import Media from '#models/media'
import media from '#providers/media/service'
import { transformMedium } from '#transformers/media_transformer'
import { editMediumValidator, uploadValidator } from '#validators/media'

/** The upload of a photograph, and what its owner does with it until a post shows it. */
export default class MediaController {
  async store(ctx: HttpContext) {
    const { auth, request, response } = ctx
    return media.admit(() =>
      media.receive(request.request, response.response, async (upload) => {
        const { altText, focalPoint } = await uploadValidator.validate(upload.fields)
        const picture = () => media.picture(upload.path, { focalPoint })
        return ctx.once({
          upload,
          make: async () => Media.upload(auth.user!, await picture(), { altText, focalPoint }),
          keep: ({ id }) => id,
          answer: async (id) => {
            response.status(201).header('Location', `/v1/media/${id}`)
            return this.serialize(await Media.findOwn(id, auth.user!))
          },
        })
      })
    )
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
    return { data: { ...transformMedium(medium, { isPublic: await medium.isPublic() }), postId: medium.postId } }
  }
}
