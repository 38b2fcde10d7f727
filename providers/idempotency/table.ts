import type { BaseSchema } from '@adonisjs/lucid/schema'

type SchemaBuilder = Pick<BaseSchema['schema'], 'createTable' | 'dropTable'>

export const TABLE = 'idempotency_keys'

/** The table of the keys, for a migration: `createIdempotencyTable(this.schema)`. */
export function createIdempotencyTable(schema: SchemaBuilder) {
  schema.createTable(TABLE, (table) => {
    table.text('id').primary()
    table.text('fingerprint').notNullable()
    table.text('kept').notNullable()
    table.text('answer')
    table.integer('asked').notNullable().defaultTo(0)
    table.timestamp('created_at', { useTz: true, precision: 3 }).notNullable().index()
  })
}

/** Takes it away again. */
export function dropIdempotencyTable(schema: SchemaBuilder) {
  schema.dropTable(TABLE)
}
