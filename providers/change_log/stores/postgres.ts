import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import type { Failure, LogStore } from '../contract.js'
import { E_CHANGE_LOG_NOT_LEADING } from '../errors.js'
import { failureValues, INSERT_FAILURE } from './failures.js'

interface Connection {
  query(text: string, values?: unknown[]): Promise<{ rows: any[] }>
  __knex__disposed?: unknown
}

interface Pool {
  acquireConnection(): Promise<Connection>
  releaseConnection(connection: Connection): Promise<void>
}

/** Any fixed number; with the schema it names the leader's lock. */
const LOCK = 74_329_201

const VACUUM_AFTER = 5000

/**
 * The log on PostgreSQL. The leader holds a session's advisory lock on a connection of the pool and does all its work
 * there: the server gives the lock away when the process dies, and a leader that lost its connection can do no more.
 */
export class PostgresStore implements LogStore {
  #connection: Connection | null = null
  #removed = 0

  constructor(private client: QueryClientContract) {}

  async lead() {
    if (this.#connection) return true
    const connection = await this.#pool.acquireConnection()
    try {
      const { rows } = await connection.query('select pg_try_advisory_lock($1, hashtext(current_schema())) as leads', [
        LOCK,
      ])
      if (rows[0].leads) this.#connection = connection
    } finally {
      if (!this.#connection) await this.#pool.releaseConnection(connection)
    }
    return this.#connection !== null
  }

  async resign() {
    const connection = this.#connection
    if (!connection) return
    this.#connection = null
    try {
      await connection.query('select pg_advisory_unlock_all()')
    } catch (error) {
      connection.__knex__disposed = error
    }
    await this.#pool.releaseConnection(connection)
  }

  async run<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
    let position = 0
    const text = sql.replace(/\?/g, () => `$${++position}`)
    const { rows } = await this.#leading.query(text, values)
    return rows
  }

  async acknowledge(ids: (number | string)[], failures: Failure[]) {
    const remove = 'delete from changes where id = any($1::bigint[])'
    if (failures.length === 0) {
      await this.#leading.query(remove, [ids])
      return this.#tidy(ids.length)
    }
    await this.#leading.query('begin')
    try {
      for (const failure of failures) await this.run(INSERT_FAILURE, failureValues(failure))
      await this.#leading.query(remove, [ids])
      await this.#leading.query('commit')
    } catch (error) {
      await this.#leading.query('rollback')
      throw error
    }
  }

  /** The server's own vacuum comes once a minute, and until then reads step over all that was removed. */
  async #tidy(removed: number) {
    this.#removed += removed
    if (this.#removed < VACUUM_AFTER) return
    this.#removed = 0
    await this.#leading.query('vacuum (truncate false) changes')
  }

  get #leading(): Connection {
    if (!this.#connection) throw new E_CHANGE_LOG_NOT_LEADING()
    return this.#connection
  }

  get #pool(): Pool {
    return this.client.getWriteClient().client
  }
}
