import type { HttpContext } from '@adonisjs/core/http'
import User from '#models/user'
import media from '#providers/media/service'
import { assertOwner } from '#policies/ownership'
import { transformProfile } from '#transformers/user_transformer'
import { uploadValidator } from '#validators/media'

export default class ProfileAvatarController {
  async store(ctx: HttpContext) {
    const { auth, params, request, response } = ctx
    const user = await User.findByUsername(params.username)
    assertOwner(auth.user!, user)
    return media.admit(() =>
      media.receive(request.request, response.response, async (upload) => {
        const { altText, focalPoint } = await uploadValidator.validate(upload.fields)
        const picture = () => media.picture(upload.path, { focalPoint })
        return ctx.once({
          upload,
          make: async () => user.profile.uploadAvatar(user, await picture(), { altText, focalPoint }),
          keep: ({ id }) => id,
          answer: () => {
            response.status(201)
            return { data: transformProfile(user.profile) }
          },
        })
      })
    )
  }

  async destroy({ auth, params, response }: HttpContext) {
    const user = await User.findByUsername(params.username)
    assertOwner(auth.user!, user)
    await user.profile.replaceAvatar(null)
    return response.noContent()
  }
}
