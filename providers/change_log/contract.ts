import type { LucidModel } from '@adonisjs/lucid/types/model'

/** What happened to a row. Setting `deleted_at` is `deleted`, clearing it `restored`; a new primary key is both a deletion and a creation. */
export type Operation = 'created' | 'updated' | 'deleted' | 'restored'

/**
 * One change of one row. The values of the watched columns go by the names of the model's attributes, read by the model as a
 * query would; bigints are text.
 */
export interface Change<Values = Record<string, any>> {
  table: string
  /** The primary key as text; of several columns a JSON array of texts. */
  key: string
  operation: Operation
  /** Null for `created`. */
  before: Values | null
  /** Null for a deleted row; the values of a row that was soft-deleted. */
  after: Values | null
  /** Grows with each change of a key, and is never given twice: drop what is not above the one that you know. */
  revision: number
}

/**
 * Called for each logged change, at least once and, for the first time, in order for one key. When it throws, or takes longer
 * than the configured time, it is called again later, and later changes of that key wait behind.
 */
export type Hook = (change: Change<any>) => unknown

/** Somebody who is told of changes. */
export interface Subscriber {
  /** Unique and stable: what failed is kept under it across restarts. */
  name: string
  table: string
  operations: readonly Operation[]
  /**
   * Reached before `delivered()` resolves. Where another process leads, the one that waits calls it too, maybe before earlier
   * changes of the key by others: the revision tells.
   */
  synchronous: boolean
  handle: Hook
}

/** A table whose changes are logged. */
export interface WatchedTable {
  table: string
  /** The columns of the primary key. */
  key: string[]
  /** The columns, as the database names them, whose change is logged. */
  columns: string[]
  model?: LucidModel
}

/** A row of the log. */
export interface LoggedChange {
  id: number | string
  table_name: string
  key: string
  operation: 'created' | 'updated' | 'deleted'
  before: string | null
  after: string | null
  /** The number of the transaction on PostgreSQL. */
  xid: string | null
}

/** A logged change that one subscriber has not taken yet. */
export interface Failure {
  change: LoggedChange
  subscriber: string
  attempts: number
  error: string | null
  /** Milliseconds since 1970; null while it waits behind an earlier change of its key. */
  retryAt: number | null
}

/** The leader's way to the log. On PostgreSQL everything goes through one connection, and fails when that is lost. */
export interface LogStore {
  /** Becomes the leader if nobody is, at once. @returns whether this store is the leader. */
  lead(): Promise<boolean>
  /** Lets another lead; does nothing when not leading. */
  resign(): Promise<void>
  /** Runs one statement, with `?` for values, and returns its rows. */
  run<Row>(sql: string, values?: unknown[]): Promise<Row[]>
  /** Removes delivered rows of the log and keeps what failed of them, all or nothing. */
  acknowledge(ids: (number | string)[], failures: Failure[]): Promise<void>
}
