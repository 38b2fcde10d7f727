import { args, flags } from '@adonisjs/core/ace'
import { BaseCommand } from './_base_command.js'

export default class UserRestore extends BaseCommand {
  static commandName = 'user:restore'
  static description = 'Bring a deleted account back, with all that was deleted together with it'
  static help = ['Its owner can do so too, by logging in within 30 days, unless somebody took its name meanwhile.']

  @args.string({ description: 'The name or e-mail that it had' })
  declare login: string

  @flags.string({ description: 'Another name, where somebody took the old one' })
  declare username?: string

  @flags.string({ description: 'Another e-mail, where somebody took the old one' })
  declare email?: string

  async run() {
    const { default: User } = await import('#models/user')
    const { namesValidator } = await import('#validators/user')
    const names = await namesValidator.validate({ username: this.username, email: this.email })
    const user = await User.recoverable(this.login).firstOrFail()
    await user.recover(names)
    this.show({ id: user.id, username: user.username }, () => this.logger.success(`${user.username} is back`))
  }
}
