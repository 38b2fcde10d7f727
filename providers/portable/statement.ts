import { readerOfDefault, type Reader, type Value } from './reader.js'

/** A text for each database, where one is not valid on both. */
export interface Dialects {
  postgres: string
  sqlite: string
}

/**
 * A reading statement with a name, for the few that every request runs: PostgreSQL plans it once a connection and SQLite
 * compiles it once, where knex builds and sends its text anew each time. It sees what is committed, not what an open
 * transaction of the caller's has written, and Lucid's query events do not report it.
 *
 *     const byId = new Statement<{ caption: string }>('post-by-id', 'select caption from posts where id = :id')
 *     const [post] = await byId.all({ id })
 *
 * Values are bound where the text names them with a colon, as often as it does; PostgreSQL gives each one type throughout.
 */
export class Statement<Row> {
  #prepared = new WeakMap<Reader, ReturnType<Reader['prepare']>>()

  /**
   * @param name unique among all statements of the application, and fixed: PostgreSQL keeps each for ever.
   * @param sql the text, valid on both databases, or one for each.
   */
  constructor(
    private name: string,
    private sql: string | Dialects
  ) {}

  /**
   * Runs the statement.
   *
   * @param values one for each name in the text, and no others.
   * @returns the rows as the driver reads them: times are a Date on PostgreSQL and ISO text on SQLite, which are the same in JSON.
   * @throws what the driver throws.
   */
  async all(values: Record<string, Value>): Promise<Row[]> {
    const reader = readerOfDefault()
    let run = this.#prepared.get(reader)
    if (!run) {
      const text = typeof this.sql === 'string' ? this.sql : this.sql[reader.dialect]
      this.#prepared.set(reader, (run = reader.prepare(this.name, text)))
    }
    return (await run(values)) as Row[]
  }
}
