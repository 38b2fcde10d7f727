/** Lucid's `this.schema` of a migration, or knex'. */
export type Schema = { raw(sql: string, bindings?: any): unknown }

/**
 * Drops columns in a migration, without the table: on SQLite knex builds a table anew that loses a column, and dropping the
 * old one deletes all rows that refer to it with `on delete cascade`. SQLite's own statement leaves them alone.
 *
 * Indexes that name a column have to go first.
 */
export function dropColumns(schema: Schema, table: string, columns: string[]) {
  for (const column of columns) schema.raw('alter table ?? drop column ??', [table, column])
}
