import type { HttpContext } from '@adonisjs/core/http'
import User from '#models/user'
import { muteValidator } from '#validators/relations'
import { operation } from '#providers/openapi/index'
import { NotFound, Oneself } from '#exceptions/domain'

export default class UserMuteController {
  @operation({
    summary: 'Mute an account, for good or until a moment',
    description: 'It is told nothing of that. Its posts stay out of the lists that were not asked for by its name.',
    body: muteValidator,
    answers: { 204: null },
    fails: [NotFound, Oneself],
  })
  async update({ auth, params, request, response }: HttpContext) {
    const user = await User.findVisible(params.username, auth.user!)
    await auth.user!.mute(user, await request.validateUsing(muteValidator))
    return response.noContent()
  }

  @operation({ summary: 'Mute an account no more', answers: { 204: null }, fails: [NotFound, Oneself] })
  async destroy({ auth, params, response }: HttpContext) {
    await auth.user!.unmute(await User.findVisible(params.username, auth.user!))
    return response.noContent()
  }
}
