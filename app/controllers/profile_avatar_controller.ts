import type { HttpContext } from '@adonisjs/core/http'
import { uploadFailures } from '#exceptions/failures'
import User from '#models/user'
import media from '#providers/media/service'
import { assertOwner } from '#policies/ownership'
import { profileSchema, transformProfile } from '#transformers/user_transformer'
import { uploadValidator } from '#validators/media'
import { operation } from '#providers/openapi/index'
import { Forbidden, NotFound } from '#exceptions/domain'
import { data } from '#transformers/schema'

export default class ProfileAvatarController {
  @operation({
    summary: 'Set the own avatar',
    form: uploadValidator,
    answers: { 201: data(profileSchema) },
    fails: [NotFound, Forbidden, ...uploadFailures],
  })
  async store(ctx: HttpContext) {
    const { auth, params, request, response } = ctx
    const user = await User.findVisible(params.username, auth.user ?? null)
    assertOwner(auth.user!, user)
    return media.admit(() =>
      media.receive(request.request, response.response, async (upload) => {
        const { altText, focalPoint } = await request.validateUsing(uploadValidator, { data: upload.fields })
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

  @operation({ summary: 'Take the own avatar away', answers: { 204: null }, fails: [NotFound, Forbidden] })
  async destroy({ auth, params, response }: HttpContext) {
    const user = await User.findVisible(params.username, auth.user ?? null)
    assertOwner(auth.user!, user)
    await user.profile.replaceAvatar(null)
    return response.noContent()
  }
}
