import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { Knex } from 'knex'
import { inTransaction, uniqueViolation } from '#providers/portable/index'
import { E_PARENT_TRASHED, E_RESTORE_CONFLICT } from './errors.js'
import { type Deletion, deletionOf, updateOf } from './filter.js'
import { type Edge, edgesOf, isLoop, keyOf, parentsOf, type SoftDeletingModel } from './graph.js'

/** Lucid's query builder, with its client exchanged for that of a transaction. */
type Query = any
type Transaction = TransactionClientContract

/**
 * Runs a soft delete and takes all living descendants along, in a transaction. The number of statements depends on the
 * graph of the models, not on the rows.
 *
 * @param run runs the delete itself.
 * @returns what `run` returned.
 */
export async function deleteWithDescendants(query: Query, run: () => Promise<any[]>): Promise<any[]> {
  const outer: QueryClientContract = query.client
  try {
    return await inTransaction(outer, async (client) => {
      query.client = client
      query.useTransaction(client)
      const rows = await run()
      if (rows.length > 0 && rows[0] !== 0) await takeDescendants(client, query.model, deletionOf(query))
      return rows
    })
  } finally {
    query.client = outer
  }
}

/**
 * Takes the rows of a query out of the trash, each with what its own deletion took along. A descendant that hangs on
 * somebody else in the trash too stays there, and comes back with them.
 *
 * @returns how many rows of the query's model were restored, the descendants not counted.
 * @throws E_PARENT_TRASHED, E_RESTORE_CONFLICT; then nothing was restored.
 */
export async function restore(query: Query): Promise<number> {
  try {
    return await inTransaction(query.client, (client) => restoreIn(client, query))
  } catch (error) {
    const taken = uniqueViolation(error)
    throw taken ? new E_RESTORE_CONFLICT(taken.table, taken.columns, { cause: error }) : error
  }
}

async function takeDescendants(client: Transaction, model: SoftDeletingModel, deletion: Deletion) {
  await descend(model, async (edge) => {
    const children: Query = edge.child.query({ client })
    edge.onQuery?.(children)
    const set = parentSet(client, edge, [deletion.id], 'trashed')
    children
      .wrapExisting()
      .whereRaw(`?? in (select parent_key from (${set.sql}) as parents)`, [edge.childColumn, ...set.bindings])
    children.trash = { isAlone: true, deletion }
    const [taken] = await children.del()
    return taken
  })
}

/*
 * A row in the middle of a restore is living and still has its deletion's id: nobody else sees such a row, so they are the
 * mark by which each step finds what the one before did.
 */
async function restoreIn(client: Transaction, query: Query): Promise<number> {
  const model: SoftDeletingModel = query.model
  for (const edge of parentsOf(model)) {
    const children = query.clone().onlyTrashed().toKnex().clearSelect().clearOrder()
    await holdParents(client, edge, children.select(`${model.table}.${edge.childColumn}`))
  }
  const roots = await restoreRoots(client, query)
  if (roots.length === 0) return 0
  const deletions = [...new Set(roots.map(({ deletion }) => deletion))]

  const touched = await descend(model, (edge) => restoreChildren(client, edge, deletions))
  await putBack(client, touched, deletions)
  const keys = roots.map(({ key }) => key)
  const [{ lost }] = await rowsOf(
    client,
    `select count(*) as lost from ?? where ${among(client)} and deleted_at is not null`,
    [model.table, keyOf(model), list(client, keys)]
  )
  if (Number(lost) > 0) throw new E_PARENT_TRASHED()

  for (const { table } of touched) {
    const inRestore = client.query().from(table).whereNull('deleted_at')
    await inRestore.whereRaw(among(client), ['deletion_id', list(client, deletions)]).update({ deletion_id: null })
  }
  return roots.length
}

async function restoreRoots(client: Transaction, query: Query): Promise<{ key: unknown; deletion: string }[]> {
  const rows = query.clone().onlyTrashed().useTransaction(client).toKnex()
  const key = keyOf(query.model)
  const restored = await updateOf(rows, query.model, { deleted_at: null })
    .transacting(client.knexClient)
    .returning([key, 'deletion_id'])
  return restored.map((row: any) => ({ key: row[key], deletion: row.deletion_id }))
}

async function restoreChildren(client: Transaction, edge: Edge, deletions: string[]): Promise<number> {
  const set = parentSet(client, edge, deletions, 'restored')
  return client
    .query()
    .from(edge.child.table)
    .whereNotNull('deleted_at')
    .whereRaw(`(??, deletion_id) in (select parent_key, parent_deletion from (${set.sql}) as parents)`, [
      edge.childColumn,
      ...set.bindings,
    ])
    .update({ deleted_at: null }) as unknown as Promise<number>
}

/** Restored rows under somebody in the trash go back there, to the deletion of those; and so do their descendants. */
async function putBack(client: Transaction, models: SoftDeletingModel[], deletions: string[]) {
  const edges = models.flatMap((model) => parentsOf(model))
  for (let moved = edges.length; moved > 0;) {
    moved = 0
    for (const edge of edges) {
      const children = client.knexQuery().from(edge.child.table).select(edge.childColumn).whereNull('deleted_at')
      await holdParents(client, edge, children.whereRaw(among(client), ['deletion_id', list(client, deletions)]))
      moved += await putBackAlong(client, edge, deletions)
    }
  }
}

/**
 * A parent that is just being deleted or restored is waited for; one that we hold is deleted after us, and takes our rows
 * along. SQLite has one writer at a time.
 */
async function holdParents(client: Transaction, { parent, parentColumn, ...edge }: Edge, children: Knex.QueryBuilder) {
  if (client.dialect.name !== 'postgres') return
  const parents = client.knexQuery().from(parent.table).select(keyOf(parent)).orderBy(keyOf(parent))
  parents.whereIn(parentColumn, children)
  // Rows that may be restored next are not to be held by two who share them.
  if (isLoop({ parent, parentColumn, ...edge })) parents.forUpdate()
  else parents.forKeyShare()
  await client.knexRawQuery('select count(*) from ? as held', [parents as any])
}

async function putBackAlong(client: Transaction, edge: Edge, deletions: string[]): Promise<number> {
  const own = `${edge.child.table}.${edge.childColumn}`
  const found = `from ?? as parents where parents.?? = ?? and parents.deleted_at is not null`
  const parent = [edge.parent.table, edge.parentColumn, own]
  const value = (column: string) => client.raw(`(select parents.${column} ${found})`, parent)
  return client
    .query()
    .from(edge.child.table)
    .whereNull('deleted_at')
    .whereRaw(among(client), ['deletion_id', list(client, deletions)])
    .whereRaw(`exists (select 1 ${found})`, parent)
    .update({ deleted_at: value('deleted_at'), deletion_id: value('deletion_id') }) as unknown as Promise<number>
}

/**
 * Goes down the graph from a model, along each edge once more whenever rows were changed above it.
 *
 * @param change changes the rows of an edge's child, and says how many.
 * @returns the models whose rows were changed, from above to below.
 */
async function descend(model: SoftDeletingModel, change: (edge: Edge) => Promise<number>) {
  const queue = [model]
  for (let index = 0; index < queue.length; index++) {
    for (const edge of edgesOf(queue[index])) {
      const changed = await change(edge)
      if (changed > 0 && !isLoop(edge) && !queue.includes(edge.child, index + 1)) queue.push(edge.child)
    }
  }
  return [...new Set(queue)]
}

/** The parents that a deletion took or a restore brought back; along a loop the whole tree below them, at once. */
function parentSet(client: Transaction, edge: Edge, deletions: string[], what: 'trashed' | 'restored') {
  const state = what === 'trashed' ? 'is not null' : 'is null'
  const base = {
    sql: `select ?? as parent_key, deletion_id as parent_deletion from ?? where ${among(client)} and deleted_at ${state}`,
    bindings: [edge.parentColumn, edge.parent.table, 'deletion_id', list(client, deletions)],
  }
  if (!isLoop(edge)) return base
  // The plus keeps SQLite from the index of the deletion, in which it would look through the whole tree for each row.
  const deletion = client.dialect.name === 'postgres' ? 'next.deletion_id' : '+next.deletion_id'
  const next =
    what === 'trashed'
      ? 'next.deleted_at is null'
      : `${deletion} = tree.parent_deletion and next.deleted_at is not null`
  return {
    sql: `with recursive tree (parent_key, parent_deletion) as (${base.sql} union
      select next.??, tree.parent_deletion from ?? as next join tree on next.?? = tree.parent_key and ${next}
    ) select parent_key, parent_deletion from tree`,
    bindings: [...base.bindings, edge.parentColumn, edge.child.table, edge.childColumn],
  }
}

/** "?? is one of ?", as one binding however many there are. */
export function among(client: QueryClientContract): string {
  return client.dialect.name === 'postgres' ? '?? = any(?)' : '?? in (select value from json_each(?))'
}

/** The values as `among` binds them. */
export function list(client: QueryClientContract, values: unknown[]): any {
  return client.dialect.name === 'postgres' ? values : JSON.stringify(values)
}

async function rowsOf(client: Transaction, sql: string, bindings: any[]): Promise<any[]> {
  const result = await client.rawQuery(sql, bindings)
  return result.rows ?? result
}
