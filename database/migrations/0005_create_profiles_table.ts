import { BaseSchema } from '@adonisjs/lucid/schema'

export default class extends BaseSchema {
  protected tableName = 'profiles'

  async up() {
    this.schema.createTable(this.tableName, (table) => {
      table.uuid('id').primary()
      table.uuid('user_id').notNullable().unique().references('users.id').onDelete('CASCADE')
      table.uuid('avatar_id').nullable().unique().references('media.id').onDelete('SET NULL')
      table.string('name', 200).nullable()
      table.text('bio').nullable()
      table.string('website', 500).nullable()
      table.string('pronouns', 100).nullable()
      table.timestamp('created_at', { useTz: true, precision: 3 }).notNullable()
      table.timestamp('updated_at', { useTz: true, precision: 3 }).notNullable()
    })
  }

  async down() {
    this.schema.dropTable(this.tableName)
  }
}
