import { BaseSchema } from '@adonisjs/lucid/schema'
import { dropSoftDeletes, dropUniqueAmongLiving, softDeletes, uniqueAmongLiving } from '#providers/soft_delete/index'

const TABLES = ['users', 'posts', 'media']
const NAMES = ['username_key', 'email_key']

export default class extends BaseSchema {
  async up() {
    for (const name of TABLES) this.schema.alterTable(name, (table) => softDeletes(table))
    for (const name of NAMES) {
      this.schema.alterTable('users', (table) => table.dropUnique([name]))
      uniqueAmongLiving(this.schema, 'users', [name])
    }
  }

  async down() {
    // Without a trash they would live again, and their names may be others' now.
    for (const name of TABLES.toReversed()) this.schema.raw(`delete from ${name} where deleted_at is not null`)
    for (const name of NAMES) {
      dropUniqueAmongLiving(this.schema, 'users', [name])
      this.schema.alterTable('users', (table) => table.unique([name]))
    }
    for (const name of TABLES) dropSoftDeletes(this.schema, name)
  }
}
