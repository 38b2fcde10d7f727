import { BaseSchema } from '@adonisjs/lucid/schema'

/** Who does it, and to whom. */
const BETWEEN = {
  follow_requests: ['follower_id', 'followed_id'],
  blocks: ['blocker_id', 'blocked_id'],
  mutes: ['muter_id', 'muted_id'],
}

export default class extends BaseSchema {
  async up() {
    for (const [name, [from, to]] of Object.entries(BETWEEN)) {
      this.schema.createTable(name, (table) => {
        table.uuid('id').primary()
        table.uuid(from).notNullable().references('users.id').onDelete('CASCADE')
        table.uuid(to).notNullable().references('users.id').onDelete('CASCADE')
        if (name === 'mutes') table.timestamp('expires_at', { useTz: true, precision: 3 }).nullable()
        table.timestamp('created_at', { useTz: true, precision: 3 }).notNullable()
        table.unique([from, to])
        table.index([from, 'id'])
        table.index([to, 'id'])
      })
    }
    this.schema.alterTable('follows', (table) => table.index(['follower_id', 'id']))
  }

  async down() {
    this.schema.alterTable('follows', (table) => table.dropIndex(['follower_id', 'id']))
    for (const name of Object.keys(BETWEEN)) this.schema.dropTable(name)
  }
}
