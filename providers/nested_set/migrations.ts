import { dropColumns, type Schema } from '#providers/portable/index'

const BOUNDS = ['lft', 'rgt']

/** What tells the dialect: knex' schema builder, as Lucid's `this.schema` is. */
type KnexSchema = Schema & { client?: { dialect?: string } }

/**
 * Makes a table one of trees, after its `createTable` or on its own: the columns `lft`, `rgt` and `depth`, and an index for
 * each bound that keeps two nodes of a tree from having the same. `parent_id`, its foreign key and its index are the
 * table's own. Rows that are there already have no bounds until `fixTree`.
 *
 *     nestedSet(this.schema, 'comments', { scope: 'post_id' })
 *
 * @param options.scope the column that says which tree a row is of; without it the table is one tree.
 */
export function nestedSet(schema: Schema, table: string, { scope }: { scope?: string } = {}) {
  for (const bound of BOUNDS) schema.raw('alter table ?? add column ?? bigint', [table, bound])
  schema.raw('alter table ?? add column ?? integer not null default 0', [table, 'depth'])
  for (const bound of BOUNDS) {
    const columns = scope ? [scope, bound] : [bound]
    if (isPostgres(schema)) exclude(schema, table, bound, columns)
    else {
      const marks = columns.map(() => '??').join(', ')
      schema.raw(`create unique index ?? on ?? (${marks})`, [nameOf(table, bound), table, ...columns])
    }
  }
}

/** Takes back `nestedSet`. */
export function dropNestedSet(schema: Schema, table: string) {
  for (const bound of BOUNDS) {
    if (isPostgres(schema)) schema.raw('alter table ?? drop constraint ??', [table, nameOf(table, bound)])
    else schema.raw('drop index ??', [nameOf(table, bound)])
  }
  dropColumns(schema, table, [...BOUNDS, 'depth'])
}

/**
 * Unique, looked at when a statement ends, as a relabelling needs. Not a deferrable unique constraint: PostgreSQL takes the
 * columns of one for a key, and an update of a key waits for everybody who writes a row that refers to this one.
 */
function exclude(schema: Schema, table: string, bound: string, columns: string[]) {
  const equal = columns.map(() => '?? with =').join(', ')
  schema.raw(`alter table ?? add constraint ?? exclude using btree (${equal}) deferrable initially immediate`, [
    table,
    nameOf(table, bound),
    ...columns,
  ])
}

function nameOf(table: string, bound: string) {
  return `${table}_${bound}_unique`
}

function isPostgres(schema: KnexSchema) {
  return schema.client?.dialect === 'postgresql'
}
