import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import db from '@adonisjs/lucid/services/db'

type Value = string | number | boolean | null

interface PostgresConnection {
  query(config: { name: string; text: string; values: Value[] }): Promise<{ rows: unknown[] }>
}

interface SqliteConnection {
  prepare(sql: string): { all(values: Value[]): unknown[] }
}

interface Pool<Connection> {
  acquireConnection(): Promise<Connection>
  releaseConnection(connection: Connection): Promise<void>
}

/**
 * A reading statement with a name, for the few that every request runs: PostgreSQL plans it once a connection and SQLite
 * compiles it once, where knex builds and sends its text anew each time. It sees what is committed, not what an open
 * transaction of the caller's has written, and Lucid's query events do not report it.
 *
 *     const byId = new Statement<{ caption: string }>('post-by-id', 'select caption from posts where id = ?')
 *     const [post] = await byId.all([id])
 *
 * Values are bound in the order of the question marks; the text may hold no other question mark.
 */
export class Statement<Row> {
  #numbered: string
  #compiled = new WeakMap<object, { all(values: Value[]): unknown[] }>()

  /**
   * @param name unique among all statements of the application, and fixed: PostgreSQL keeps each for ever.
   * @param sql the text, valid on both databases.
   */
  constructor(
    private name: string,
    private sql: string
  ) {
    let position = 0
    this.#numbered = sql.replace(/\?/g, () => `$${++position}`)
  }

  /**
   * Runs the statement on a connection of the pool.
   *
   * @returns the rows as the driver reads them: times are a Date on PostgreSQL and ISO text on SQLite, which are the same in JSON.
   * @throws what the driver throws.
   */
  async all(values: Value[]): Promise<Row[]> {
    const client = db.connection()
    return (
      client.dialect.name === 'postgres' ? this.#postgres(client, values) : this.#sqlite(client, values)
    ) as Promise<Row[]>
  }

  async #postgres(client: QueryClientContract, values: Value[]) {
    const pool: Pool<PostgresConnection> = client.getReadClient().client
    const connection = await pool.acquireConnection()
    try {
      return (await connection.query({ name: this.name, text: this.#numbered, values })).rows
    } finally {
      await pool.releaseConnection(connection)
    }
  }

  async #sqlite(client: QueryClientContract, values: Value[]) {
    const pool: Pool<SqliteConnection> = client.getReadClient().client
    const connection = await pool.acquireConnection()
    try {
      let statement = this.#compiled.get(connection)
      if (!statement) this.#compiled.set(connection, (statement = connection.prepare(this.sql)))
      return statement.all(values)
    } finally {
      await pool.releaseConnection(connection)
    }
  }
}
