import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'
import { E_COMMIT_FAILED } from './errors.js'

/** A transaction that is durable: its connection, and on PostgreSQL its number when it wrote anything. */
export interface Committed {
  connection: string
  xid: string | null
}

interface RawConnection {
  inTransaction?: boolean
  exec?(sql: string): unknown
  query?(sql: string): Promise<unknown>
  __knex__disposed?: unknown
}

interface Answer {
  response?: { command?: string } | { command?: string; rows: { xid: string | null }[] }[]
}

interface KnexTransaction {
  client: { query(connection: RawConnection, statement: unknown): Promise<Answer> }
  commit(value?: unknown): Promise<unknown>
  executionPromise: Promise<unknown>
}

type Callback = (transaction: TransactionClientContract) => unknown
type Preparer = (transaction: TransactionClientContract, result: unknown) => unknown

const COMMIT = 'COMMIT;'
const COMMIT_WITH_ID = 'SELECT pg_current_xact_id_if_assigned()::text AS xid; COMMIT'
const ABORTED = '25P02'

const guarded = new WeakSet<object>()
const ids = new WeakMap<object, string | null>()
const listeners = new Set<(committed: Committed) => void>()
const preparers = new Set<Preparer>()

/**
 * Makes every root transaction of Lucid honest: `commit()`, and the form with a callback, reject when the COMMIT failed,
 * and the connection goes back to its pool outside of any transaction. Without it Lucid reports success, and SQLite's
 * only connection stays inside the transaction that failed.
 *
 * Isolation levels given without a callback, which Lucid ignores, are honoured too. Guarding twice is guarding once.
 *
 * @param client any connection: all of them share the method that is replaced.
 */
export function guardCommits(client: QueryClientContract) {
  const prototype = Object.getPrototypeOf(client)
  if (guarded.has(prototype)) return
  guarded.add(prototype)
  const begin = prototype.transaction

  prototype.transaction = async function (callback?: Callback | object, options?: object) {
    const isManaged = typeof callback === 'function'
    const settings = options ?? (isManaged ? undefined : callback)
    const transaction: TransactionClientContract = await begin.call(this, undefined, settings)
    guard(transaction)
    return isManaged ? run(transaction, callback as Callback) : transaction
  }
}

/**
 * Calls the listener after each commit of a root transaction in this process.
 *
 * @returns a function that ends it.
 */
export function onCommitted(listener: (committed: Committed) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/**
 * Calls the listener before the COMMIT of each root transaction that has the form of a callback, and waits for it: what it
 * writes is committed together with the rest, and when it throws, all of it is rolled back.
 *
 * @param listener is given the transaction, and what its callback returned.
 * @returns a function that ends it.
 */
export function beforeCommit(listener: Preparer): () => void {
  preparers.add(listener)
  return () => void preparers.delete(listener)
}

/** The number that PostgreSQL gave to a committed root transaction; null when it wrote nothing, and on SQLite. */
export function transactionId(transaction: TransactionClientContract): string | null {
  return ids.get(transaction.knexClient) ?? null
}

async function run(transaction: TransactionClientContract, callback: Callback) {
  try {
    const result = await callback(transaction)
    if (transaction.isCompleted) return result
    for (const prepare of preparers) await prepare(transaction, result)
    await transaction.commit()
    return result
  } catch (error) {
    // The first error is the one to tell; the rollback of a connection that is gone only repeats it.
    await transaction.rollback().catch(() => undefined)
    throw error
  }
}

function guard(transaction: TransactionClientContract) {
  const knex = transaction.knexClient as unknown as KnexTransaction
  const isPostgres = transaction.dialect.name === 'postgres'
  const commit = knex.commit
  const query = knex.client.query

  knex.client.query = async (connection, statement) => {
    if (statement !== COMMIT) return query(connection, statement)
    try {
      const answer = await query(connection, isPostgres ? COMMIT_WITH_ID : COMMIT)
      const results = Array.isArray(answer.response) ? answer.response : []
      if (results.at(-1)?.command === 'ROLLBACK') throw new E_COMMIT_FAILED()
      ids.set(knex, results[0]?.rows[0]?.xid ?? null)
      return answer
    } catch (error) {
      await leave(connection)
      throw error.code === ABORTED ? new E_COMMIT_FAILED(undefined, { cause: error }) : error
    }
  }

  knex.commit = async (value) => {
    const answer = await commit(value)
    await knex.executionPromise
    const committed = { connection: transaction.connectionName, xid: ids.get(knex) ?? null }
    for (const listener of listeners) listener(committed)
    return answer
  }
}

/** Ends what the failed COMMIT left open, before the pool gives the connection to somebody else. */
async function leave(connection: RawConnection) {
  try {
    if (connection.exec) {
      if (connection.inTransaction) connection.exec('ROLLBACK')
    } else {
      await connection.query?.('ROLLBACK')
    }
  } catch (error) {
    connection.__knex__disposed = error
  }
}
