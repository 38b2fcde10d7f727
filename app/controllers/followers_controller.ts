import type { HttpContext } from '@adonisjs/core/http'
import User from '#models/user'
import { operation } from '#providers/openapi/index'
import { NotFound, Oneself } from '#exceptions/domain'

export default class FollowersController {
  @operation({
    summary: 'Remove an account from the own followers',
    description: 'It is told nothing of that, and may follow again.',
    answers: { 204: null },
    fails: [NotFound, Oneself],
  })
  async destroy({ auth, params, response }: HttpContext) {
    await auth.user!.removeFollower(await User.findVisible(params.username, auth.user!))
    return response.noContent()
  }
}
