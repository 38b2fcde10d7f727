import type { HttpContext } from '@adonisjs/core/http'
import { WrongCredentials } from '#exceptions/domain'
import { Attempts } from '#models/attempts'
import User from '#models/user'
import { changePasswordValidator } from '#validators/user'
import { operation } from '#providers/openapi/index'

export default class PasswordController {
  @operation({
    summary: 'Change the own password',
    description: 'Ends the other sessions.',
    body: changePasswordValidator,
    answers: { 204: null },
    fails: [WrongCredentials],
  })
  async update({ auth, request, response }: HttpContext) {
    const { currentPassword, password } = await request.validateUsing(changePasswordValidator)
    const { email, sessionId } = auth.user!
    const user = await Attempts.logIn(request.ip(), email, () => User.logIn(email, currentPassword))
    if (!user) throw new WrongCredentials('The current password is another one.')

    await user.changePassword(password, { except: sessionId })
    return response.noContent()
  }
}
