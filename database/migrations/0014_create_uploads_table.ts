import { BaseSchema } from '@adonisjs/lucid/schema'

export default class extends BaseSchema {
  protected tableName = 'uploads'

  async up() {
    this.schema.createTable(this.tableName, (table) => {
      table.uuid('id').primary()
      table.uuid('user_id').notNullable().references('users.id').onDelete('CASCADE').index()
      table.string('key', 512).notNullable().unique()
      table.string('content_type', 127).notNullable()
      table.integer('size').notNullable()
      table.uuid('media_id').nullable().references('media.id').onDelete('CASCADE').index()
      table.timestamp('expires_at', { useTz: true, precision: 3 }).notNullable().index()
      table.timestamp('created_at', { useTz: true, precision: 3 }).notNullable()
    })
  }

  async down() {
    this.schema.dropTable(this.tableName)
  }
}
