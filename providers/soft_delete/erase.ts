import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { among, list } from './cascade.js'
import { edgesOf, keyOf, type SoftDeletingModel } from './graph.js'

const ROWS = 500

/**
 * Deletes rows for good, and before them what hangs on them, in the order that foreign keys ask for.
 *
 * @param isDryRun only counts.
 * @returns how many rows of each table.
 */
export async function erase(
  client: TransactionClientContract,
  model: SoftDeletingModel,
  keys: unknown[],
  isDryRun = false
): Promise<Record<string, number>> {
  const found = new Map<SoftDeletingModel, Set<unknown>>()
  await collect(client, model, keys, found)
  const counts: Record<string, number> = {}
  for (const each of parentsLast(model)) {
    const doomed = [...(found.get(each) ?? [])]
    if (doomed.length > 0) counts[each.table] = isDryRun ? doomed.length : await eraseRows(client, each, doomed)
  }
  return counts
}

async function collect(
  client: TransactionClientContract,
  model: SoftDeletingModel,
  keys: unknown[],
  found: Map<SoftDeletingModel, Set<unknown>>
) {
  const known = found.get(model) ?? new Set()
  found.set(model, known)
  const fresh = keys.filter((key) => !known.has(key))
  for (const key of fresh) known.add(key)
  if (fresh.length === 0) return
  for (const edge of edgesOf(model)) {
    const own = `select ?? from ?? where ${among(client)}`
    const children = await client
      .from(edge.child.table)
      .select(keyOf(edge.child))
      .whereRaw(`?? in (${own})`, [edge.childColumn, edge.parentColumn, model.table, keyOf(model), list(client, fresh)])
    await collect(
      client,
      edge.child,
      children.map((row) => row[keyOf(edge.child)]),
      found
    )
  }
}

async function eraseRows(client: TransactionClientContract, model: SoftDeletingModel, keys: unknown[]) {
  const key = keyOf(model)
  const { beforePurge } = model.softDeletes
  for (let from = 0; beforePurge && from < keys.length; from += ROWS) {
    const query: any = model.query({ client })
    await beforePurge(await query.withTrashed().whereIn(key, keys.slice(from, from + ROWS)), client)
  }
  return Number(
    await client
      .from(model.table)
      .whereRaw(among(client), [key, list(client, keys)])
      .delete()
  )
}

/** The model and all below it, each before those that it hangs on. */
function parentsLast(model: SoftDeletingModel, seen = new Set<SoftDeletingModel>()): SoftDeletingModel[] {
  if (seen.has(model)) return []
  seen.add(model)
  return [...edgesOf(model).flatMap(({ child }) => parentsLast(child, seen)), model]
}
