import type { HttpContext } from '@adonisjs/core/http'
import { Attempts } from '#models/attempts'
import { relationshipsOf } from '#models/relationship'
import User from '#models/user'
import { assertOwner } from '#policies/ownership'
import { pageOf } from '#transformers/page'
import { transformUser, userSchema } from '#transformers/user_transformer'
import { tagVersion, versionsToEdit } from '#transformers/version'
import { pageValidator } from '#validators/post'
import { editUserValidator, signUpValidator } from '#validators/user'
import { operation } from '#providers/openapi/index'
import { Forbidden, NotFound } from '#exceptions/domain'
import { Stale, Taken } from '#exceptions/failures'
import { data, page } from '#transformers/schema'

export default class UsersController {
  @operation({ summary: 'List the accounts, newest first', query: pageValidator, answers: { 200: page(userSchema) } })
  async index({ auth, request, response }: HttpContext) {
    const query = await request.validateUsing(pageValidator)
    const { limit = 30, cursor } = query
    const viewer = auth.user ?? null
    const { users, nextCursor } = await User.page({ limit, cursor }, User.visibleTo(viewer))
    const relationships = await relationshipsOf(viewer, users)
    return pageOf(
      { request, response },
      query,
      users.map((user) => transformUser(user, viewer, relationships)),
      nextCursor
    )
  }

  @operation({ summary: 'Sign up', body: signUpValidator, answers: { 201: data(userSchema) }, fails: [Taken] })
  async store(ctx: HttpContext) {
    const { request, response } = ctx
    const account = await request.validateUsing(signUpValidator)
    return ctx.once({
      make: () => Attempts.signUp(account, () => User.signUp(account)),
      keep: ({ id }) => id,
      answer: async (id) => {
        const user = await User.findWithProfile(id)
        response.status(201).header('Location', `/v1/users/${encodeURIComponent(user.username)}`)
        return this.serialize(ctx, user, user)
      },
    })
  }

  @operation({ summary: 'Show an account', answers: { 200: data(userSchema) }, fails: [NotFound] })
  async show(ctx: HttpContext) {
    const user = await User.findVisible(ctx.params.username, ctx.auth.user ?? null)
    return this.serialize(ctx, user, ctx.auth.user ?? null)
  }

  @operation({
    summary: 'Change the own names, and who sees the account',
    description:
      'Of a private account only those see posts whom it accepted. Who goes public lets in all who asked to follow.',
    body: editUserValidator,
    answers: { 200: data(userSchema) },
    fails: [NotFound, Forbidden, Taken, Stale],
  })
  async update(ctx: HttpContext) {
    const user = await User.findVisible(ctx.params.username, ctx.auth.user ?? null)
    assertOwner(ctx.auth.user!, user)
    await user.edit(await ctx.request.validateUsing(editUserValidator), versionsToEdit(ctx))
    return this.serialize(ctx, user, user)
  }

  @operation({
    summary: 'Delete the own account',
    description: 'Logging in within 30 days brings it back.',
    answers: { 204: null },
    fails: [NotFound, Forbidden, Stale],
  })
  async destroy(ctx: HttpContext) {
    const user = await User.findVisible(ctx.params.username, ctx.auth.user ?? null)
    assertOwner(ctx.auth.user!, user)
    await user.deleteAt(versionsToEdit(ctx))
    return ctx.response.noContent()
  }

  private async serialize(ctx: HttpContext, user: User, viewer: User | null) {
    tagVersion(ctx, user)
    return { data: transformUser(user, viewer, await relationshipsOf(viewer, [user])) }
  }
}
