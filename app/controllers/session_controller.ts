import type { HttpContext } from '@adonisjs/core/http'
import { Forbidden, Suspended, WrongCredentials } from '#exceptions/domain'
import { Taken } from '#exceptions/failures'
import { Attempts } from '#models/attempts'
import Session from '#models/session'
import User from '#models/user'
import { logInValidator } from '#validators/user'
import { operation } from '#providers/openapi/index'
import { newSessionSchema, transformNewSession } from '#transformers/session_transformer'
import { data } from '#transformers/schema'

/** The session of the request's own token: logging in starts it, logging out ends it. */
export default class SessionController {
  @operation({
    summary: 'Log in',
    description:
      'An account that was deleted within 30 days is brought back. Without `scopes` the token may read and write.',
    body: logInValidator,
    answers: { 201: data(newSessionSchema) },
    fails: [WrongCredentials, Forbidden, Suspended, Taken],
  })
  async store(ctx: HttpContext) {
    const { request, response } = ctx
    const { login, password, device = null, scopes } = await request.validateUsing(logInValidator)
    return ctx.once({
      make: async () => {
        const user = await Attempts.logIn(request.ip(), login, () => User.logIn(login, password))
        if (!user) throw new WrongCredentials()
        return user.logInWith({ device: device ?? request.header('user-agent')?.slice(0, 100) ?? null, scopes })
      },
      keep: transformNewSession,
      answer: (data) => {
        response.status(201).header('Cache-Control', 'no-store')
        return { data }
      },
    })
  }

  @operation({ summary: 'Log out', answers: { 204: null } })
  async destroy({ auth, response }: HttpContext) {
    await Session.endOf(auth.user!)
    return response.noContent()
  }
}
