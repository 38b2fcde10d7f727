import type { HttpContext } from '@adonisjs/core/http'
import type Profile from '#models/profile'
import User from '#models/user'
import { assertOwner } from '#policies/ownership'
import { transformProfile } from '#transformers/user_transformer'
import { tagVersion, versionsToEdit } from '#transformers/version'
import { editProfileValidator } from '#validators/user'

export default class UserProfileController {
  async show(ctx: HttpContext) {
    const { profile } = await User.findByUsername(ctx.params.username)
    return this.serialize(ctx, profile)
  }

  async update(ctx: HttpContext) {
    const user = await User.findByUsername(ctx.params.username)
    assertOwner(ctx.auth.user!, user)
    await user.profile.edit(await ctx.request.validateUsing(editProfileValidator), versionsToEdit(ctx))
    return this.serialize(ctx, user.profile)
  }

  private serialize(ctx: HttpContext, profile: Profile) {
    tagVersion(ctx, profile)
    return { data: transformProfile(profile) }
  }
}
