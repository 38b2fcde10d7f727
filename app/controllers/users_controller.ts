import type { HttpContext } from '@adonisjs/core/http'
import { Attempts } from '#models/attempts'
import User from '#models/user'
import { assertOwner } from '#policies/ownership'
import { linkToNext } from '#transformers/page'
import { transformUser } from '#transformers/user_transformer'
import { tagVersion, versionsToEdit } from '#transformers/version'
import { pageValidator } from '#validators/post'
import { editUserValidator, signUpValidator } from '#validators/user'

export default class UsersController {
  async index({ auth, request, response }: HttpContext) {
    const { limit = 30, cursor } = await request.validateUsing(pageValidator)
    const { users, nextCursor } = await User.page({ limit, cursor })
    linkToNext({ request, response }, nextCursor)
    return { data: users.map((user) => transformUser(user, auth.user ?? null)), meta: { nextCursor } }
  }

  async store(ctx: HttpContext) {
    const { request, response } = ctx
    const account = await request.validateUsing(signUpValidator)
    const user = await Attempts.signUp(request.ip(), account, () => User.signUp(account))
    response.status(201).header('Location', `/v1/users/${encodeURIComponent(user.username)}`)
    return this.serialize(ctx, user, user)
  }

  async show(ctx: HttpContext) {
    const user = await User.findByUsername(ctx.params.username)
    return this.serialize(ctx, user, ctx.auth.user ?? null)
  }

  async update(ctx: HttpContext) {
    const user = await User.findByUsername(ctx.params.username)
    assertOwner(ctx.auth.user!, user)
    await user.rename(await ctx.request.validateUsing(editUserValidator), versionsToEdit(ctx))
    return this.serialize(ctx, user, user)
  }

  async destroy({ auth, params, response }: HttpContext) {
    const user = await User.findByUsername(params.username)
    assertOwner(auth.user!, user)
    await user.delete()
    return response.noContent()
  }

  private serialize(ctx: HttpContext, user: User, viewer: User | null) {
    tagVersion(ctx, user)
    return { data: transformUser(user, viewer) }
  }
}
