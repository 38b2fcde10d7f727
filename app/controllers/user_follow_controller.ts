import type { HttpContext } from '@adonisjs/core/http'
import { relationshipOf } from '#models/relationship'
import User from '#models/user'
import { relationshipSchema } from '#transformers/user_transformer'
import { operation } from '#providers/openapi/index'
import { NotFound, Oneself } from '#exceptions/domain'
import { data } from '#transformers/schema'

export default class UserFollowController {
  @operation({
    summary: 'Follow an account, or ask to where it is private',
    answers: { 200: data(relationshipSchema) },
    fails: [NotFound, Oneself],
  })
  async update({ auth, params }: HttpContext) {
    const user = await User.findVisible(params.username, auth.user!)
    await auth.user!.follow(user)
    return { data: await relationshipOf(auth.user!, user) }
  }

  @operation({
    summary: 'Follow an account no more, or ask no more to',
    answers: { 204: null },
    fails: [NotFound, Oneself],
  })
  async destroy({ auth, params, response }: HttpContext) {
    await auth.user!.unfollow(await User.findVisible(params.username, auth.user!))
    return response.noContent()
  }
}
