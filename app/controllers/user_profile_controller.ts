import type { HttpContext } from '@adonisjs/core/http'
import type Profile from '#models/profile'
import { Stale } from '#exceptions/failures'
import User from '#models/user'
import { assertOwner } from '#policies/ownership'
import { profileSchema, transformProfile } from '#transformers/user_transformer'
import { tagVersion, versionsToEdit } from '#transformers/version'
import { editProfileValidator } from '#validators/user'
import { operation } from '#providers/openapi/index'
import { Forbidden, NotFound } from '#exceptions/domain'
import { data } from '#transformers/schema'

export default class UserProfileController {
  @operation({ summary: 'Show a profile', answers: { 200: data(profileSchema) }, fails: [NotFound] })
  async show(ctx: HttpContext) {
    const { profile } = await User.findVisible(ctx.params.username, ctx.auth.user ?? null)
    return this.serialize(ctx, profile)
  }

  @operation({
    summary: 'Edit the own profile',
    body: editProfileValidator,
    answers: { 200: data(profileSchema) },
    fails: [NotFound, Forbidden, Stale],
  })
  async update(ctx: HttpContext) {
    const user = await User.findVisible(ctx.params.username, ctx.auth.user ?? null)
    assertOwner(ctx.auth.user!, user)
    await user.profile.edit(await ctx.request.validateUsing(editProfileValidator), versionsToEdit(ctx))
    return this.serialize(ctx, user.profile)
  }

  private serialize(ctx: HttpContext, profile: Profile) {
    tagVersion(ctx, profile)
    return { data: transformProfile(profile) }
  }
}
