import { BaseSchema } from '@adonisjs/lucid/schema'
import { dropColumns } from '#providers/portable/index'

export default class extends BaseSchema {
  protected tableName = 'auth_access_tokens'

  async up() {
    this.schema.alterTable(this.tableName, (table) => {
      table.string('scopes', 40).notNullable().defaultTo('read write')
    })
  }

  async down() {
    dropColumns(this.schema, this.tableName, ['scopes'])
  }
}
