import { BaseSchema } from '@adonisjs/lucid/schema'

export default class extends BaseSchema {
  protected tableName = 'users'

  async up() {
    this.schema.createTable(this.tableName, (table) => {
      table.uuid('id').primary()
      table.string('username', 60).notNullable()
      table.string('username_key', 120).notNullable().unique()
      table.string('email', 254).notNullable()
      table.string('email_key', 508).notNullable().unique()
      table.string('password').notNullable()
      table.string('role', 20).notNullable()
      table.timestamp('created_at', { useTz: true, precision: 3 }).notNullable()
      table.timestamp('updated_at', { useTz: true, precision: 3 }).notNullable()
    })
  }

  async down() {
    this.schema.dropTable(this.tableName)
  }
}
