import { args, flags } from '@adonisjs/core/ace'
import { BaseCommand } from './_base_command.js'

export default class UserPassword extends BaseCommand {
  static commandName = 'user:password'
  static description = 'Give a user a new password, which ends all of their sessions'

  @args.string({ description: 'The name of the user' })
  declare username: string

  @flags.string({ description: 'The password, 10 characters at least; asked for when it is left out' })
  declare password?: string

  async run() {
    const { default: User } = await import('#models/user')
    const { newPasswordValidator } = await import('#validators/user')
    const user = await User.findByUsername(this.username)
    const { password } = await newPasswordValidator.validate({
      password: this.password ?? (await this.prompt.secure('Password')),
    })

    await user.changePassword(password)
    this.show({ id: user.id, username: user.username }, () =>
      this.logger.success(`${user.username} has a new password`)
    )
  }
}
