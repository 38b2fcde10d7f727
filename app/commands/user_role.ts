import { args } from '@adonisjs/core/ace'
import { BaseCommand } from './_base_command.js'

export default class UserRole extends BaseCommand {
  static commandName = 'user:role'
  static description = 'Make a user a member or an admin'

  @args.string({ description: 'The name of the user' })
  declare username: string

  @args.string({ description: 'member or admin' })
  declare role: string

  async run() {
    const { default: User } = await import('#models/user')
    const { roleValidator } = await import('#validators/user')
    const { role } = await roleValidator.validate({ role: this.role })
    const user = await User.findByUsername(this.username)
    user.role = role
    await user.save()
    this.show({ id: user.id, username: user.username, role }, () =>
      this.logger.success(`${user.username} is ${role} now`)
    )
  }
}
