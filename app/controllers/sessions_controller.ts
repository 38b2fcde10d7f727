import type { HttpContext } from '@adonisjs/core/http'
import Session from '#models/session'
import { transformSession } from '#transformers/user_transformer'

export default class SessionsController {
  async index({ auth }: HttpContext) {
    const sessions = await Session.livingOf(auth.user!)
    return { data: sessions.map((session) => transformSession(session, auth.user!)) }
  }

  async destroy({ auth, params, response }: HttpContext) {
    const session = await Session.query().where('userId', auth.user!.id).where('id', params.id).firstOrFail()
    await session.delete()
    return response.noContent()
  }
}
