import { BaseSchema } from '@adonisjs/lucid/schema'
import { createIdempotencyTable, dropIdempotencyTable } from '#providers/idempotency/index'

export default class extends BaseSchema {
  async up() {
    createIdempotencyTable(this.schema)
  }

  async down() {
    dropIdempotencyTable(this.schema)
  }
}
