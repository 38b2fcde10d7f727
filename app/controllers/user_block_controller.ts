import type { HttpContext } from '@adonisjs/core/http'
import User from '#models/user'
import { operation } from '#providers/openapi/index'
import { NotFound, Oneself } from '#exceptions/domain'

export default class UserBlockController {
  @operation({
    summary: 'Block an account',
    description: 'Neither sees anything of the other then, and neither follows the other any more.',
    answers: { 204: null },
    fails: [NotFound, Oneself],
  })
  async update({ auth, params, response }: HttpContext) {
    await auth.user!.block(await User.findToBlock(params.username, auth.user!))
    return response.noContent()
  }

  @operation({ summary: 'Block an account no more', answers: { 204: null }, fails: [NotFound, Oneself] })
  async destroy({ auth, params, response }: HttpContext) {
    await auth.user!.unblock(await User.findToBlock(params.username, auth.user!))
    return response.noContent()
  }
}
