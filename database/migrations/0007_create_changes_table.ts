import { BaseSchema } from '@adonisjs/lucid/schema'
import { createChangeTables, dropChangeTables } from '#providers/change_log/index'

export default class extends BaseSchema {
  async up() {
    createChangeTables(this.schema)
  }

  async down() {
    dropChangeTables(this.schema)
  }
}
