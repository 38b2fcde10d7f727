import type { HttpContext } from '@adonisjs/core/http'
import User from '#models/user'
import { assertOwner } from '#policies/ownership'
import { profileSchema, transformProfile } from '#transformers/user_transformer'
import { editProfileValidator } from '#validators/user'
import { operation } from '#providers/openapi/index'
import { Forbidden, NotFound } from '#exceptions/domain'
import { data } from '#transformers/schema'

export default class UserProfileController {
  @operation({ summary: 'Show a profile', answers: { 200: data(profileSchema) }, fails: [NotFound] })
  async show({ params }: HttpContext) {
    const { profile } = await User.findByUsername(params.username)
    return { data: transformProfile(profile) }
  }

  @operation({
    summary: 'Edit the own profile',
    body: editProfileValidator,
    answers: { 200: data(profileSchema) },
    fails: [NotFound, Forbidden],
  })
  async update({ auth, params, request }: HttpContext) {
    const user = await User.findByUsername(params.username)
    assertOwner(auth.user!, user)
    await user.profile.merge(await request.validateUsing(editProfileValidator)).save()
    return { data: transformProfile(user.profile) }
  }
}
