import type { Statement } from './statement.js'

interface Batch<Row> {
  keys: Set<string>
  rows: Promise<Map<string, Row>>
}

/**
 * Finds rows by a key, where many ask at once for one each: those who ask within one turn of the event loop are answered by one
 * statement. It runs after all of them have asked, so each sees what was committed before. (The idea of DataLoader,
 * without its cache.)
 *
 *     const sessions = new Lookup(new Statement<Row>('sessions', 'select … where id in (…:keys…)'), ({ id }) => id)
 *     const session = await sessions.find(id)
 */
export class Lookup<Row> {
  #next: Batch<Row> | null = null

  /**
   * @param statement with the one name `:keys`, a JSON array of texts.
   * @param keyOf the key of a row that it found.
   */
  constructor(
    private statement: Statement<Row>,
    private keyOf: (row: Row) => string
  ) {}

  /**
   * @returns null where no row has the key.
   * @throws what the driver throws, to all who asked together.
   */
  async find(key: string): Promise<Row | null> {
    const batch = (this.#next ??= this.#begin())
    batch.keys.add(key)
    return (await batch.rows).get(key) ?? null
  }

  #begin(): Batch<Row> {
    const keys = new Set<string>()
    const turn = new Promise<void>((resolve) => setImmediate(resolve))
    const rows = turn.then(async () => {
      this.#next = null
      const found = await this.statement.all({ keys: JSON.stringify([...keys]) })
      return new Map(found.map((row) => [this.keyOf(row), row]))
    })
    return { keys, rows }
  }
}
