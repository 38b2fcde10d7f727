import type { HttpContext } from '@adonisjs/core/http'
import { Attempts } from '#models/attempts'
import User from '#models/user'
import { assertOwner } from '#policies/ownership'
import { linkToNext } from '#transformers/page'
import { transformUser } from '#transformers/user_transformer'
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
    return ctx.once({
      make: () => Attempts.signUp(request.ip(), account, () => User.signUp(account)),
      keep: ({ id }) => id,
      answer: async (id) => {
        const user = await User.findWithProfile(id)
        response.status(201).header('Location', `/v1/users/${encodeURIComponent(user.username)}`)
        return { data: transformUser(user, user) }
      },
    })
  }

  async show({ auth, params }: HttpContext) {
    const user = await User.findByUsername(params.username)
    return { data: transformUser(user, auth.user ?? null) }
  }

  async update({ auth, params, request }: HttpContext) {
    const user = await User.findByUsername(params.username)
    assertOwner(auth.user!, user)
    await user.rename(await request.validateUsing(editUserValidator))
    return { data: transformUser(user, user) }
  }

  async destroy({ auth, params, response }: HttpContext) {
    const user = await User.findByUsername(params.username)
    assertOwner(auth.user!, user)
    await user.delete()
    return response.noContent()
  }
}
