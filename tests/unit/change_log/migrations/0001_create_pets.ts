import { BaseSchema } from '@adonisjs/lucid/schema'
import { createChangeTables, dropChangeTables } from '#providers/change_log/index'

export default class extends BaseSchema {
  async up() {
    createChangeTables(this.schema)
    this.schema.createTable('pets', (table) => {
      table.increments('id')
      table.string('name')
      table.integer('legs')
    })
  }

  async down() {
    this.schema.dropTable('pets')
    dropChangeTables(this.schema)
  }
}
