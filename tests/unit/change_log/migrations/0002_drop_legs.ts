import { BaseSchema } from '@adonisjs/lucid/schema'

/** On SQLite this builds the table anew, and drops its triggers. */
export default class extends BaseSchema {
  async up() {
    this.schema.alterTable('pets', (table) => table.dropColumn('legs'))
  }

  async down() {
    this.schema.alterTable('pets', (table) => table.integer('legs'))
  }
}
