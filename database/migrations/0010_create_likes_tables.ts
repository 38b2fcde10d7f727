import { BaseSchema } from '@adonisjs/lucid/schema'

const LIKED = { post_likes: ['post_id', 'posts.id'], comment_likes: ['comment_id', 'comments.id'] }

export default class extends BaseSchema {
  async up() {
    for (const [name, [column, to]] of Object.entries(LIKED)) {
      this.schema.createTable(name, (table) => {
        table.uuid('id').primary()
        table.uuid(column).notNullable().references(to).onDelete('CASCADE')
        table.uuid('user_id').notNullable().references('users.id').onDelete('CASCADE')
        table.timestamp('created_at', { useTz: true, precision: 3 }).notNullable()
        table.unique([column, 'user_id'])
        table.index(['user_id', 'id'])
      })
    }
  }

  async down() {
    for (const name of Object.keys(LIKED)) this.schema.dropTable(name)
  }
}
