import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import type { Failure, LogStore } from '../contract.js'
import { failureValues, INSERT_FAILURE } from './failures.js'

interface Connection {
  prepare(sql: string): { reader: boolean; all(values: unknown[]): any[]; run(values: unknown[]): unknown }
  exec(sql: string): unknown
  close(): void
}

interface KnexClient {
  driver: new (filename: string, options: { timeout: number }) => Connection
  connectionSettings: { filename: string }
  acquireConnection(): Promise<Connection>
  releaseConnection(connection: Connection): Promise<void>
}

const BUSY = /^SQLITE_BUSY/

/**
 * The log on SQLite. The leader holds the write lock of an empty database beside the real one, which the operating system
 * gives away when the process dies, and which needs no writing to be kept.
 */
export class SqliteStore implements LogStore {
  #lock: Connection | null = null

  constructor(private client: QueryClientContract) {}

  async lead() {
    if (this.#lock) return true
    const { driver, connectionSettings } = this.#knex
    const { filename } = connectionSettings
    const lock = new driver(filename === ':memory:' ? filename : `${filename}-relay`, { timeout: 0 })
    try {
      lock.exec('begin immediate')
      this.#lock = lock
    } catch (error) {
      lock.close()
      if (!BUSY.test(error.code)) throw error
    }
    return this.#lock !== null
  }

  async resign() {
    this.#lock?.close()
    this.#lock = null
  }

  run<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return this.#with((connection) => {
      const statement = connection.prepare(sql)
      if (statement.reader) return statement.all(values)
      statement.run(values)
      return []
    })
  }

  async acknowledge(ids: (number | string)[], failures: Failure[]) {
    await this.#with((connection) => {
      connection.exec('begin immediate')
      try {
        for (const failure of failures) connection.prepare(INSERT_FAILURE).run(failureValues(failure))
        connection
          .prepare('delete from changes where id in (select value from json_each(?))')
          .run([JSON.stringify(ids)])
        connection.exec('commit')
      } catch (error) {
        connection.exec('rollback')
        throw error
      }
    })
  }

  /** Through the pool, so that it waits for the transactions of this process; and beside Lucid, so that it wakes nobody. */
  async #with<Result>(work: (connection: Connection) => Result): Promise<Result> {
    const connection = await this.#knex.acquireConnection()
    try {
      return work(connection)
    } finally {
      await this.#knex.releaseConnection(connection)
    }
  }

  get #knex(): KnexClient {
    return this.client.getWriteClient().client
  }
}
