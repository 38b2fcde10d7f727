import { BaseSchema } from '@adonisjs/lucid/schema'

export default class extends BaseSchema {
  protected tableName = 'follows'

  async up() {
    this.schema.createTable(this.tableName, (table) => {
      table.uuid('id').primary()
      table.uuid('follower_id').notNullable().references('users.id').onDelete('CASCADE')
      table.uuid('followed_id').notNullable().references('users.id').onDelete('CASCADE')
      table.timestamp('created_at', { useTz: true, precision: 3 }).notNullable()
      table.unique(['follower_id', 'followed_id'])
      table.index(['followed_id', 'id'])
    })
  }

  async down() {
    this.schema.dropTable(this.tableName)
  }
}
