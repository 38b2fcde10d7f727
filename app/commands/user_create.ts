import { args, flags } from '@adonisjs/core/ace'
import { BaseCommand } from './_base_command.js'

export default class UserCreate extends BaseCommand {
  static commandName = 'user:create'
  static description = 'Create a user, asking for the password unless it is given'

  @args.string({ description: 'The name, 3 to 30 letters and digits' })
  declare username: string

  @args.string({ description: 'The e-mail address' })
  declare email: string

  @flags.string({ description: 'The password, 10 characters at least; the shell may keep it in its history' })
  declare password?: string

  @flags.boolean({ description: 'Make the user an administrator' })
  declare admin: boolean

  async run() {
    const { default: User } = await import('#models/user')
    const { signUpValidator } = await import('#validators/user')
    const password = this.password ?? (await this.prompt.secure('Password'))
    const account = await signUpValidator.validate({ username: this.username, email: this.email, password })

    const { id, username, email, role } = await User.signUp({ ...account, role: this.admin ? 'admin' : 'member' })
    this.show({ id, username, email, role }, () => this.logger.success(`${username} is a user now, as ${role}`))
  }
}
