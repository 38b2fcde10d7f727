import type { HttpContext } from '@adonisjs/core/http'
import User from '#models/user'
import { assertOwner } from '#policies/ownership'
import { transformProfile } from '#transformers/user_transformer'
import { editProfileValidator } from '#validators/user'

export default class UserProfileController {
  async show({ params }: HttpContext) {
    const { profile } = await User.findByUsername(params.username)
    return { data: transformProfile(profile) }
  }

  async update({ auth, params, request }: HttpContext) {
    const user = await User.findByUsername(params.username)
    assertOwner(auth.user!, user)
    await user.profile.merge(await request.validateUsing(editProfileValidator)).save()
    return { data: transformProfile(user.profile) }
  }
}
