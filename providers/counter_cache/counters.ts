import type { Database } from '@adonisjs/lucid/database'
import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { columnsOf, quote, Triggers } from '#providers/triggers/index'
import { countersOf, type Counter } from './counter.js'
import { counts, PREFIX, triggersOf } from './counter_triggers.js'
import type { CounterCacheConfig } from './define_config.js'
import { E_COUNTER_DECLARATION, E_COUNTERS_STALE } from './errors.js'

/** A number that is not what it should be. */
export interface Drift {
  table: string
  column: string
  key: string
  stored: number
  actual: number
}

/** A part of the rows that have counters: how many were compared, and what was wrong. */
export interface Comparison {
  compared: number
  drifts: Drift[]
}

const BATCH = 500

/** The counters of all models, kept by triggers of the database. */
export class CounterCache {
  #loaded?: Promise<Counter[]>

  constructor(
    private db: Database,
    private config: CounterCacheConfig
  ) {}

  /**
   * Makes the triggers be those of the declarations.
   *
   * @param options.lenient leaves out what cannot be kept yet: between two migrations a table or a column may be missing, and
   *   the class that is generated from them too.
   * @returns the tables whose triggers changed.
   * @throws E_COUNTER_DECLARATION for what is not there.
   */
  async install({ lenient = false } = {}) {
    const counters = await this.#counters().catch((error) => {
      if (lenient && error instanceof E_COUNTER_DECLARATION) return []
      throw error
    })
    return this.#client.transaction(async (client) => {
      const flawless: Counter[] = []
      for (const counter of counters) {
        const flaw = await flawOf(client, counter)
        if (flaw && !lenient) throw new E_COUNTER_DECLARATION(flaw)
        if (!flaw) flawless.push(counter)
      }
      return new Triggers(client, PREFIX).install(triggersOf(client, flawless))
    })
  }

  uninstall() {
    return this.#client.transaction((client) => new Triggers(client, PREFIX).uninstall())
  }

  /** What would let a write pass the counters by, a sentence each. */
  async problems(): Promise<string[]> {
    const counters = await this.#counters()
    const flaws = await Promise.all(counters.map((counter) => flawOf(this.#client, counter)))
    const triggers = triggersOf(this.#client, counters)
    return [...flaws.filter((flaw) => flaw !== null), ...(await new Triggers(this.#client, PREFIX).problems(triggers))]
  }

  /** @throws E_COUNTERS_STALE when a write could pass them by. */
  async check() {
    const problems = await this.problems()
    if (problems.length > 0) throw new E_COUNTERS_STALE(problems)
  }

  /** How many numbers there are to compare. */
  async size(): Promise<number> {
    const counters = await this.#counters()
    const sizes = await Promise.all(counters.map(({ table }) => this.#client.from(table).count('* as rows').first()))
    return sizes.reduce((sum, { rows }) => sum + Number(rows), 0)
  }

  /** Compares each stored number with the rows, 500 at a time, while the server may be writing. */
  async *verify(): AsyncGenerator<Comparison> {
    for (const counter of await this.#counters()) {
      let after: string | number | null = null
      for (let isFull = true; isFull;) {
        const rows: { key: string; stored: number; actual: number }[] = await this.#page(counter, after)
        isFull = rows.length === BATCH
        after = rows.at(-1)?.key ?? null
        const { table, column } = counter
        const drifts = rows
          .map(({ key, stored, actual }) => ({ table, column, key, stored: Number(stored), actual: Number(actual) }))
          .filter(({ stored, actual }) => stored !== actual)
        yield { compared: rows.length, drifts }
      }
    }
  }

  /** Mends what `verify` finds, in short transactions that hold the rows that are mended. Writers need not stop. */
  async *repair(): AsyncGenerator<Comparison> {
    await this.install()
    for await (const comparison of this.verify()) {
      if (comparison.drifts.length > 0) await this.#mend(comparison.drifts)
      yield comparison
    }
  }

  async #mend(drifts: Drift[]) {
    const { table, column } = drifts[0]
    const counter = (await this.#counters()).find((each) => each.table === table && each.column === column)!
    const keys = drifts.map(({ key }) => key)
    await this.#client.transaction(async (client) => {
      // Locked by a statement of its own: the next one then sees what those it waited for have counted.
      await client.from(table).select(counter.key).whereIn(counter.key, keys).orderBy(counter.key).forUpdate()
      await client
        .from(table)
        .whereIn(counter.key, keys)
        .update({ [column]: client.raw(actual(counter)) })
    })
  }

  async #page(counter: Counter, after: string | number | null): Promise<any[]> {
    return this.#client
      .from(counter.table)
      .select(`${counter.key} as key`, `${counter.column} as stored`, this.#client.raw(`${actual(counter)} as actual`))
      .if(after !== null, (query) => query.where(counter.key, '>', after!))
      .orderBy(counter.key)
      .limit(BATCH)
  }

  #counters() {
    this.#loaded ??= Promise.all(this.config.models.map(async (load) => countersOf((await load()).default))).then(
      (all) => all.flat()
    )
    return this.#loaded
  }

  get #client(): QueryClientContract {
    return this.db.connection()
  }
}

/** The true number of a row, as a sub-query. */
function actual(counter: Counter): string {
  const { table, key, counted } = counter
  const mine = `counted.${quote(counted.by)} = ${quote(table)}.${quote(key)}`
  return `(select count(*) from ${quote(counted.table)} as counted where ${mine} and ${counts(counter, 'counted')})`
}

async function flawOf(client: Parameters<typeof columnsOf>[0], { table, key, column, counted }: Counter) {
  const named = { [table]: [key, column], [counted.table]: [counted.by, ...counted.unless] }
  if (table === counted.table) named[table] = [key, column, counted.by, ...counted.unless]
  for (const [each, columns] of Object.entries(named)) {
    const there = await columnsOf(client, each)
    if (there.size === 0) return `there is no table "${each}"`
    const missing = columns.find((name) => !there.has(name))
    if (missing) return `"${each}" has no column "${missing}"`
  }
  return null
}
