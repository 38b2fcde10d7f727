import { readerOfDefault, type Reader, type Value } from './reader.js'

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
  #prepared = new WeakMap<Reader, ReturnType<Reader['prepare']>>()

  /**
   * @param name unique among all statements of the application, and fixed: PostgreSQL keeps each for ever.
   * @param sql the text, valid on both databases.
   */
  constructor(
    private name: string,
    private sql: string
  ) {}

  /**
   * Runs the statement.
   *
   * @returns the rows as the driver reads them: times are a Date on PostgreSQL and ISO text on SQLite, which are the same in JSON.
   * @throws what the driver throws.
   */
  async all(values: Value[]): Promise<Row[]> {
    const reader = readerOfDefault()
    let run = this.#prepared.get(reader)
    if (!run) this.#prepared.set(reader, (run = reader.prepare(this.name, this.sql)))
    return (await run(values)) as Row[]
  }
}
