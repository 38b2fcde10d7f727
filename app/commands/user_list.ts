import { flags } from '@adonisjs/core/ace'
import { BaseCommand } from './_base_command.js'

export default class UserList extends BaseCommand {
  static commandName = 'user:list'
  static description = 'List the users, newest first'

  @flags.number({ description: 'How many at most', default: 50 })
  declare limit: number

  @flags.string({ description: 'The id to go on after, printed where there are more' })
  declare cursor?: string

  async run() {
    const { default: User } = await import('#models/user')
    const { users, nextCursor } = await User.page({ limit: this.limit, cursor: this.cursor })
    const rows = users.map(({ id, username, email, role, createdAt, suspendedAt }) => ({
      id,
      username,
      email,
      role,
      createdAt: createdAt.toISO(),
      suspendedAt: suspendedAt?.toISO() ?? null,
    }))

    this.show({ users: rows, nextCursor }, () => {
      const table = this.ui.table().head(['Name', 'E-mail', 'Role', 'Since', 'Suspended', 'Id'])
      for (const { id, username, email, role, createdAt, suspendedAt } of rows)
        table.row([username, email, role, createdAt!.slice(0, 10), suspendedAt?.slice(0, 10) ?? '', id])
      table.render()
      if (nextCursor) this.logger.info(`There are more: --cursor=${nextCursor}`)
    })
  }
}
