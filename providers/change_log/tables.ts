import type { BaseSchema } from '@adonisjs/lucid/schema'

type SchemaBuilder = Pick<BaseSchema['schema'], 'createTable' | 'dropTable'>

/** The tables of the log, for a migration: `createChangeTables(this.schema)`. */
export function createChangeTables(schema: SchemaBuilder) {
  schema.createTable('changes', (table) => {
    table.bigIncrements('id')
    table.text('table_name').notNullable()
    table.text('key').notNullable()
    table.text('operation').notNullable()
    table.text('before')
    table.text('after')
    table.text('xid')
    table.bigInteger('created_at').notNullable()
  })
  schema.createTable('change_failures', (table) => {
    table.bigIncrements('id')
    table.bigInteger('change_id').notNullable()
    table.text('table_name').notNullable()
    table.text('key').notNullable()
    table.text('operation').notNullable()
    table.text('before')
    table.text('after')
    table.text('subscriber').notNullable()
    table.integer('attempts').notNullable()
    table.text('error')
    table.bigInteger('retry_at')
    table.bigInteger('dead_at')
    table.unique(['change_id', 'subscriber'])
    table.index(['subscriber', 'table_name', 'key', 'change_id'])
  })
}

/** Takes them away again. */
export function dropChangeTables(schema: SchemaBuilder) {
  schema.dropTable('change_failures')
  schema.dropTable('changes')
}
