import { args } from '@adonisjs/core/ace'
import { BaseCommand } from './_base_command.js'

export default class UserSuspend extends BaseCommand {
  static commandName = 'user:suspend'
  static description = 'Suspend a user, whom nobody sees then and who cannot log in, until user:reinstate'

  @args.string({ description: 'The name of the user' })
  declare username: string

  async run() {
    const { default: User } = await import('#models/user')
    const user = await User.findByUsername(this.username)
    await user.suspend()
    this.show({ id: user.id, username: user.username, suspendedAt: user.suspendedAt!.toISO() }, () =>
      this.logger.success(`${user.username} is suspended`)
    )
  }
}
