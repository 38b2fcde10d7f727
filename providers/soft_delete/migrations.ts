import type { Knex } from 'knex'

/** Lucid's `this.schema` of a migration, or knex'. */
type Schema = { raw(sql: string, bindings?: any): unknown }

/** Adds the columns of the trash to a table, in `createTable` or `alterTable`; a deletion's rows are found by an index. */
export function softDeletes(table: Knex.TableBuilder) {
  table.timestamp('deleted_at', { useTz: true, precision: 3 }).nullable()
  table.uuid('deletion_id').nullable().index()
}

/** Takes back `softDeletes`. */
export function dropSoftDeletes(table: Knex.TableBuilder) {
  table.dropIndex('deletion_id')
  table.dropColumns('deleted_at', 'deletion_id')
}

/**
 * A unique index over the rows that are not in the trash: a value is free again when its row is deleted. The same on both
 * databases.
 *
 *     uniqueAmongLiving(this.schema, 'users', ['username_key'])
 */
export function uniqueAmongLiving(schema: Schema, table: string, columns: string[]) {
  const marks = columns.map(() => '??').join(', ')
  schema.raw(`create unique index ?? on ?? (${marks}) where deleted_at is null`, [
    indexName(table, columns),
    table,
    ...columns,
  ])
}

/** Takes back `uniqueAmongLiving`. */
export function dropUniqueAmongLiving(schema: Schema, table: string, columns: string[]) {
  schema.raw('drop index ??', [indexName(table, columns)])
}

function indexName(table: string, columns: string[]) {
  return `${table}_${columns.join('_')}_living_unique`
}
