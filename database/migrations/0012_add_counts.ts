import { BaseSchema } from '@adonisjs/lucid/schema'
import { dropColumns } from '#providers/portable/index'

/** Nothing of what they count was there before. */
const COUNTS = { users: ['followers_count', 'following_count'], posts: ['likes_count', 'comments_count'] }

export default class extends BaseSchema {
  async up() {
    for (const [name, columns] of Object.entries(COUNTS)) {
      this.schema.alterTable(name, (table) => {
        for (const column of columns) table.integer(column).notNullable().defaultTo(0)
      })
    }
  }

  async down() {
    for (const [name, columns] of Object.entries(COUNTS)) dropColumns(this.schema, name, columns)
  }
}
