import type { HttpContext } from '@adonisjs/core/http'
import { Attempts } from '#models/attempts'
import User from '#models/user'
import { assertOwner } from '#policies/ownership'
import { linkToNext } from '#transformers/page'
import { transformUser, userSchema } from '#transformers/user_transformer'
import { pageValidator } from '#validators/post'
import { editUserValidator, signUpValidator } from '#validators/user'
import { operation } from '#providers/openapi/index'
import { Forbidden, NotFound } from '#exceptions/domain'
import { Taken } from '#exceptions/failures'
import { data, page } from '#transformers/schema'

export default class UsersController {
  @operation({ summary: 'List the accounts, newest first', query: pageValidator, answers: { 200: page(userSchema) } })
  async index({ auth, request, response }: HttpContext) {
    const { limit = 30, cursor } = await request.validateUsing(pageValidator)
    const { users, nextCursor } = await User.page({ limit, cursor })
    linkToNext({ request, response }, nextCursor)
    return { data: users.map((user) => transformUser(user, auth.user ?? null)), meta: { nextCursor } }
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
        return { data: transformUser(user, user) }
      },
    })
  }

  @operation({ summary: 'Show an account', answers: { 200: data(userSchema) }, fails: [NotFound] })
  async show({ auth, params }: HttpContext) {
    const user = await User.findByUsername(params.username)
    return { data: transformUser(user, auth.user ?? null) }
  }

  @operation({
    summary: 'Change the own names',
    body: editUserValidator,
    answers: { 200: data(userSchema) },
    fails: [NotFound, Forbidden, Taken],
  })
  async update({ auth, params, request }: HttpContext) {
    const user = await User.findByUsername(params.username)
    assertOwner(auth.user!, user)
    await user.rename(await request.validateUsing(editUserValidator))
    return { data: transformUser(user, user) }
  }

  @operation({
    summary: 'Delete the own account',
    description: 'Logging in within 30 days brings it back.',
    answers: { 204: null },
    fails: [NotFound, Forbidden],
  })
  async destroy({ auth, params, response }: HttpContext) {
    const user = await User.findByUsername(params.username)
    assertOwner(auth.user!, user)
    await user.delete()
    return response.noContent()
  }
}
