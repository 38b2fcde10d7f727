import { BaseSchema } from '@adonisjs/lucid/schema'

export default class extends BaseSchema {
  protected tableName = 'media'

  async up() {
    this.schema.createTable(this.tableName, (table) => {
      table.uuid('id').primary()
      table.uuid('user_id').notNullable().references('users.id').onDelete('CASCADE').index()
      table.uuid('post_id').nullable().references('posts.id').onDelete('CASCADE')
      table.integer('position').nullable()
      table.string('folder', 64).notNullable().unique()
      table.integer('width').notNullable()
      table.integer('height').notNullable()
      table.string('blurhash', 64).notNullable()
      table.string('dominant_color', 7).notNullable()
      table.text('alt_text').nullable()
      table.double('focal_x').notNullable()
      table.double('focal_y').notNullable()
      table.text('variants').notNullable()
      table.timestamp('created_at', { useTz: true, precision: 3 }).notNullable()
      table.timestamp('updated_at', { useTz: true, precision: 3 }).notNullable()
      table.unique(['post_id', 'position'])
    })
  }

  async down() {
    this.schema.dropTable(this.tableName)
  }
}
