import { args } from '@adonisjs/core/ace'
import { BaseCommand } from './_base_command.js'

export default class UserReinstate extends BaseCommand {
  static commandName = 'user:reinstate'
  static description = 'Let a suspended user in again, with all that was theirs'

  @args.string({ description: 'The name of the user' })
  declare username: string

  async run() {
    const { default: User } = await import('#models/user')
    const user = await User.findByUsername(this.username)
    await user.reinstate()
    this.show({ id: user.id, username: user.username, suspendedAt: null }, () =>
      this.logger.success(`${user.username} is suspended no more`)
    )
  }
}
