import type { ConnectionContract, PostgreConfig, SqliteConfig } from '@adonisjs/lucid/types/database'
import db from '@adonisjs/lucid/services/db'
import Sqlite from 'better-sqlite3'
import pg from 'pg'

export type Value = string | number | boolean | null

/** Connections for reading alone, beside Lucid's. */
export interface Reader {
  dialect: 'postgres' | 'sqlite'
  /** What runs the statement with its names, `:id`, bound, as often as it is called. */
  prepare(name: string, sql: string): (values: Record<string, Value>) => Promise<unknown[]>
  close(): Promise<unknown> | void
}

const readers = new WeakMap<ConnectionContract, Reader>()

/**
 * The reader of Lucid's default connection: made at the first question, closed together with it.
 *
 * Beside Lucid's own because knex's way to a connection costs more than the question (measured: a third of a request that
 * reads a post), and because SQLite's only one waits for whoever writes, where in WAL a reader need not.
 */
export function readerOfDefault(): Reader {
  const { manager, primaryConnectionName: name } = db
  if (!manager.isConnected(name)) manager.connect(name)
  const connection = manager.get(name)!.connection!
  let reader = readers.get(connection)
  if (!reader) {
    reader = connection.clientName === 'postgres' ? new PostgresReader(connection) : new SqliteReader(connection)
    readers.set(connection, reader)
    connection.once('disconnect', () => {
      readers.delete(connection)
      void reader!.close()
    })
  }
  return reader
}

/** A name with one colon: two make a cast. */
const NAMES = /(?<!:):([a-z]\w*)/gi

/**
 * Each text is planned once: where PostgreSQL decides, it plans some anew each time, which took longer than their execution; and it
 * compiles what it takes for large, which takes longer than any page.
 */
class PostgresReader implements Reader {
  readonly dialect = 'postgres'
  #pool: pg.Pool

  constructor({ config }: ConnectionContract) {
    const connection = (config as PostgreConfig).connection as pg.PoolConfig
    const options = '-c plan_cache_mode=force_generic_plan -c jit=off'
    this.#pool = new pg.Pool({
      ...connection,
      options,
      max: 10,
      connectionTimeoutMillis: 10_000,
      allowExitOnIdle: true,
    })
    // The next question takes another connection, and says so itself when there is none.
    this.#pool.on('error', () => {})
  }

  prepare(name: string, sql: string) {
    const names = [...new Set(Array.from(sql.matchAll(NAMES), ([, each]) => each))]
    const text = sql.replace(NAMES, (_, each) => `$${names.indexOf(each) + 1}`)
    return async (values: Record<string, Value>) => {
      return (await this.#pool.query({ name, text, values: names.map((each) => values[each]) })).rows
    }
  }

  close() {
    return this.#pool.end()
  }
}

class SqliteReader implements Reader {
  readonly dialect = 'sqlite'
  #connection: Sqlite.Database

  constructor({ config }: ConnectionContract) {
    const { filename } = (config as SqliteConfig).connection as { filename: string }
    this.#connection = new Sqlite(filename, { readonly: true, timeout: 5000 })
  }

  prepare(_: string, sql: string) {
    const statement = this.#connection.prepare(sql)
    return async (values: Record<string, Value>) => statement.all(values)
  }

  close() {
    this.#connection.close()
  }
}
