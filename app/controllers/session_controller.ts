import type { HttpContext } from '@adonisjs/core/http'
import { WrongCredentials } from '#exceptions/domain'
import { Attempts } from '#models/attempts'
import Session from '#models/session'
import User from '#models/user'
import { logInValidator } from '#validators/user'

/** The session of the request's own token: logging in starts it, logging out ends it. */
export default class SessionController {
  async store(ctx: HttpContext) {
    const { request, response } = ctx
    const { login, password, device = null } = await request.validateUsing(logInValidator)
    return ctx.once({
      make: async () => {
        const user = await Attempts.logIn(request.ip(), login, () => User.logIn(login, password))
        if (!user) throw new WrongCredentials()
        return Session.start(user, { device: device ?? request.header('user-agent')?.slice(0, 100) ?? null })
      },
      keep: ({ token, expiresAt, user: { id, username } }) => ({
        token,
        expiresAt: expiresAt.toISO(),
        user: { id, username },
      }),
      answer: (data) => {
        response.status(201).header('Cache-Control', 'no-store')
        return { data }
      },
    })
  }

  async destroy({ auth, response }: HttpContext) {
    await Session.query().where('id', auth.user!.sessionId!).delete()
    return response.noContent()
  }
}
