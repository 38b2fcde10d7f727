import { args, flags } from '@adonisjs/core/ace'
import { BaseCommand } from './_base_command.js'

export default class TokenCreate extends BaseCommand {
  static commandName = 'token:create'
  static description = 'Make a token for a user, as a log-in does'
  static help = ['The token is printed once, and never again. DELETE /v1/sessions/:id revokes it.']

  @args.string({ description: 'The name of the user' })
  declare username: string

  @flags.array({ description: 'read, write, admin', default: ['read', 'write'] })
  declare scopes: string[]

  @flags.number({ description: 'Days until it ends', default: 90 })
  declare days: number

  @flags.string({ description: 'What it is for, as the list of sessions shows it', default: 'token:create' })
  declare device: string

  async run() {
    const { default: User } = await import('#models/user')
    const { tokenValidator } = await import('#validators/user')
    const { scopes, days, device } = await tokenValidator.validate({
      scopes: this.scopes,
      days: this.days,
      device: this.device,
    })
    const user = await User.findByUsername(this.username)
    const { token, expiresAt } = await user.logInWith({ scopes, device, lifetime: { days } })
    this.show({ token, scopes, expiresAt: expiresAt.toISO() }, () => console.log(token))
  }
}
