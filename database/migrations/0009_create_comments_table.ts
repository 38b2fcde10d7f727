import { BaseSchema } from '@adonisjs/lucid/schema'
import { softDeletes } from '#providers/soft_delete/index'

export default class extends BaseSchema {
  protected tableName = 'comments'

  async up() {
    this.schema.createTable(this.tableName, (table) => {
      table.uuid('id').primary()
      table.uuid('post_id').notNullable().references('posts.id').onDelete('CASCADE')
      table.uuid('user_id').notNullable().references('users.id').onDelete('CASCADE').index()
      table.uuid('parent_id').nullable().references('comments.id').onDelete('SET NULL').index()
      table.text('text').notNullable()
      table.integer('likes_count').notNullable().defaultTo(0)
      table.integer('replies_count').notNullable().defaultTo(0)
      table.timestamp('created_at', { useTz: true, precision: 3 }).notNullable()
      table.timestamp('updated_at', { useTz: true, precision: 3 }).notNullable()
      softDeletes(table)
      table.index(['post_id', 'id'])
    })
  }

  async down() {
    this.schema.dropTable(this.tableName)
  }
}
