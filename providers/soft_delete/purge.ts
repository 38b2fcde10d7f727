import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DateTime } from 'luxon'
import { inTransaction } from '#providers/portable/index'
import { erase } from './erase.js'
import { E_SOFT_DELETE_CONFIG } from './errors.js'
import { keyOf, parentsOf, type SoftDeletingModel } from './graph.js'

const DURATION = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d|w)$/
const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

export interface PurgeOptions {
  model: SoftDeletingModel
  /** Rows that went to the trash as long ago as this, or longer: "30d", or milliseconds. Default: the model's `retention`. */
  olderThan?: string | number
  /** How many rows of the model one transaction takes, besides their descendants. Default: 100. */
  batch?: number
  /** Count, and delete nothing. */
  dryRun?: boolean
  /** Stops between two batches. */
  signal?: AbortSignal
  /** The connection's name. Default: the model's. */
  connection?: string
}

/** What one batch deleted for good, or would have. */
export interface PurgedBatch {
  /** Rows of the model itself. */
  rows: number
  /** Rows by table, the model's and its descendants'. */
  counts: Record<string, number>
}

/**
 * Deletes for good what has been in the trash long enough, in the order of the keys, each batch in a transaction of its
 * own: what was done when the process dies stays done, and the next run takes the rest. A row that a parent's deletion
 * took along goes when its parent goes, so that a restore until then finds all of it. Rows that somebody is restoring are
 * left out.
 *
 *     for await (const { rows } of purge({ model: Post })) …
 *
 * @throws E_SOFT_DELETE_CONFIG without an age, or when it makes no sense; what `beforePurge` throws.
 */
export async function* purge(options: PurgeOptions): AsyncGenerator<PurgedBatch> {
  const { model, batch = 100, dryRun = false } = options
  const before = DateTime.utc().minus(ageOf(options)).toISO()!
  let after: string | null = null
  while (!options.signal?.aborted) {
    const source = model.query(options.connection ? { connection: options.connection } : {}).client
    const done: Keys & { counts: Record<string, number> } = await inTransaction(source, async (client) => {
      const keys = await lockExpired(client, model, { before, after, batch, dryRun })
      return { ...keys, counts: await erase(client, model, keys.locked, dryRun) }
    })
    if (done.locked.length > 0) yield { rows: done.locked.length, counts: done.counts }
    if (done.seen.length < batch) return
    after = done.seen.at(-1)!
  }
}

/** How many rows `purge` would find now, their descendants not counted. */
export async function countExpired(options: PurgeOptions): Promise<number> {
  const before = DateTime.utc().minus(ageOf(options)).toISO()!
  const query = roots(options.model, options.model.query({ connection: options.connection }), before)
  const [{ total }] = await query.count('* as total').pojo()
  return Number(total)
}

/** The age in milliseconds from which rows go. */
function ageOf({ model, olderThan = model.softDeletes.retention }: PurgeOptions): number {
  const [, number, unit] = DURATION.exec(String(olderThan)) ?? []
  const age = unit ? Number(number) * UNITS[unit] : olderThan
  if (typeof age === 'number' && age >= 0) return age
  throw new E_SOFT_DELETE_CONFIG(
    `${model.name}: say how old, such as "30d"; ${olderThan ?? 'no retention is declared'}.`
  )
}

function roots(model: SoftDeletingModel, query: any, before: string) {
  query.onlyTrashed().where(`${model.table}.deleted_at`, '<=', before)
  for (const { parent, parentColumn, childColumn } of parentsOf(model)) {
    query.whereRaw('not exists (select 1 from ?? as parents where parents.?? = ?? and parents.deletion_id = ??)', [
      parent.table,
      parentColumn,
      `${model.table}.${childColumn}`,
      `${model.table}.deletion_id`,
    ])
  }
  return query
}

interface Batch {
  before: string
  after: string | null
  batch: number
  dryRun: boolean
}

interface Keys {
  seen: string[]
  /** Without those that somebody else has locked, or restored since. */
  locked: string[]
}

async function lockExpired(client: TransactionClientContract, model: SoftDeletingModel, batch: Batch): Promise<Keys> {
  const { beforeLock } = model.softDeletes
  const query = expired(client, model, batch)
  if (client.dialect.name === 'postgres') query.forUpdate().skipLocked()
  if (!beforeLock || batch.dryRun) {
    const locked = await keysOf(model, query)
    return { seen: locked, locked }
  }
  const seen = await keysOf(model, expired(client, model, batch))
  if (seen.length > 0)
    await beforeLock(await (model.query({ client }) as any).withTrashed().whereIn(keyOf(model), seen), client)
  return { seen, locked: await keysOf(model, query.whereIn(keyOf(model), seen)) }
}

function expired(client: TransactionClientContract, model: SoftDeletingModel, { before, after, batch }: Batch) {
  const key = keyOf(model)
  const query = roots(model, model.query({ client }), before).select(key).orderBy(key).limit(batch).pojo()
  if (after !== null) query.where(key, '>', after)
  return query
}

async function keysOf(model: SoftDeletingModel, query: any): Promise<string[]> {
  return (await query).map((row: any) => row[keyOf(model)])
}
