import { BaseSchema } from '@adonisjs/lucid/schema'
import { dropColumns } from '#providers/portable/index'

const SINCE = ['private_since', 'suspended_at']

export default class extends BaseSchema {
  protected tableName = 'users'

  async up() {
    this.schema.alterTable(this.tableName, (table) => {
      for (const column of SINCE) table.timestamp(column, { useTz: true, precision: 3 }).nullable()
    })
    // Few are suspended: this index is small, and asking it whether one is costs next to nothing.
    this.schema.raw('create index users_suspended_index on users (id) where suspended_at is not null')
  }

  async down() {
    this.schema.raw('drop index users_suspended_index')
    dropColumns(this.schema, this.tableName, SINCE)
  }
}
