import type { HttpContext } from '@adonisjs/core/http'
import { WrongCredentials } from '#exceptions/domain'
import { Attempts } from '#models/attempts'
import Session from '#models/session'
import User from '#models/user'
import { logInValidator } from '#validators/user'

/** The session of the request's own token: logging in starts it, logging out ends it. */
export default class SessionController {
  async store({ request, response }: HttpContext) {
    const { login, password, device = null } = await request.validateUsing(logInValidator)
    const user = await Attempts.logIn(request.ip(), login, () => User.logIn(login, password))
    if (!user) throw new WrongCredentials()

    const { token, session } = await Session.start(user, {
      device: device ?? request.header('user-agent')?.slice(0, 100) ?? null,
    })
    response.status(201).header('Cache-Control', 'no-store')
    return { data: { token, expiresAt: session.expiresAt.toISO(), user: { id: user.id, username: user.username } } }
  }

  async destroy({ auth, response }: HttpContext) {
    await Session.query().where('id', auth.user!.sessionId!).delete()
    return response.noContent()
  }
}
