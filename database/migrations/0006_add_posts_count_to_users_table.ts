import { BaseSchema } from '@adonisjs/lucid/schema'
import { dropColumns } from '#providers/portable/index'

export default class extends BaseSchema {
  protected tableName = 'users'

  async up() {
    this.schema.alterTable(this.tableName, (table) => {
      table.integer('posts_count').notNullable().defaultTo(0)
    })
    this.defer((db) =>
      db.rawQuery(
        'update users set posts_count = (select count(*) from posts where posts.user_id = users.id and posts.archived_at is null)'
      )
    )
  }

  async down() {
    dropColumns(this.schema, this.tableName, ['posts_count'])
  }
}
