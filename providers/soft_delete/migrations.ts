import type { Knex } from 'knex'
import { dropColumns, type Schema } from '#providers/portable/index'

/** Adds the columns of the trash to a table, in `createTable` or `alterTable`; a deletion's rows are found by an index. */
export function softDeletes(table: Knex.TableBuilder) {
  table.timestamp('deleted_at', { useTz: true, precision: 3 }).nullable()
  table.uuid('deletion_id').nullable().index()
}

/** Takes back `softDeletes`, after the indexes of `uniqueAmongLiving`. Rows in the trash would come back to life: delete them before. */
export function dropSoftDeletes(schema: Schema, table: string) {
  schema.raw('drop index ??', [`${table}_deletion_id_index`])
  dropColumns(schema, table, ['deleted_at', 'deletion_id'])
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
