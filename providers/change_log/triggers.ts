import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { type Client, columnsOf, type Trigger, Triggers } from '#providers/triggers/index'
import type { WatchedTable } from './contract.js'
import { E_CHANGE_LOG_DECLARATION } from './errors.js'
import { postgresTriggers } from './postgres_triggers.js'
import { sqliteTriggers } from './sqlite_triggers.js'

const PREFIX = 'changes_'
const NO_LOG = 'there is no table "changes"'

/** Names of triggers are cut by PostgreSQL after 63 letters, and then look like others. */
const LONGEST_TABLE = 63 - 'changes_truncate_'.length

interface Plan {
  triggers: Trigger[]
  /** What cannot be watched, a sentence for each table. */
  flaws: Map<string, string>
}

/**
 * Makes the triggers be those of the declarations, in one transaction; doing it again changes nothing.
 *
 * @param options.lenient leaves tables out that cannot be watched yet, as between two migrations.
 * @returns the tables whose triggers were made or removed.
 * @throws E_CHANGE_LOG_DECLARATION when a column is not there or cannot be logged.
 */
export function installTriggers(client: QueryClientContract, tables: WatchedTable[], { lenient = false } = {}) {
  return client.transaction(async (transaction) => {
    if (!(await hasLog(transaction))) {
      if (lenient) return []
      throw new E_CHANGE_LOG_DECLARATION(`${NO_LOG}: run the migrations.`)
    }
    const { triggers, flaws } = await plan(transaction, tables)
    if (flaws.size > 0 && !lenient) throw new E_CHANGE_LOG_DECLARATION(`${[...flaws.values()].join('; ')}.`)
    return new Triggers(transaction, PREFIX).install(triggers)
  })
}

/** Takes all our triggers away, which a migration of a watched table needs. */
export function uninstallTriggers(client: QueryClientContract) {
  return client.transaction((transaction) => new Triggers(transaction, PREFIX).uninstall())
}

/** What keeps the log from being complete, in sentences that name the table; empty when all is well. */
export async function findProblems(client: Client, tables: WatchedTable[]): Promise<string[]> {
  if (!(await hasLog(client))) return [NO_LOG]
  const { triggers, flaws } = await plan(client, tables)
  const problems = await new Triggers(client, PREFIX).problems(triggers)
  const isNews = (problem: string) => ![...flaws.keys()].some((table) => problem.startsWith(`"${table}" `))
  return [...flaws.values(), ...problems.filter(isNews)]
}

async function hasLog(client: Client) {
  return (await columnsOf(client, 'changes')).size > 0
}

async function plan(client: Client, tables: WatchedTable[]): Promise<Plan> {
  const isPostgres = client.dialect.name === 'postgres'
  const schema = isPostgres ? (await client.rawQuery('select current_schema() as schema')).rows[0].schema : 'main'
  const result: Plan = { triggers: [], flaws: new Map() }
  for (const watched of tables) {
    const types = await columnsOf(client, watched.table)
    const flaw = flawOf(watched, types)
    if (flaw) result.flaws.set(watched.table, flaw)
    else
      result.triggers.push(...(isPostgres ? postgresTriggers(watched, types, schema) : sqliteTriggers(watched, types)))
  }
  return result
}

function flawOf({ table, key, columns }: WatchedTable, types: Map<string, string>): string | null {
  if (types.size === 0) return `there is no table "${table}"`
  if (table.length > LONGEST_TABLE) return `"${table}" has a name of more than ${LONGEST_TABLE} letters`
  if (key.length === 0) return `"${table}" has no primary key`
  for (const column of [...key, ...columns]) {
    const type = types.get(column)
    if (type === undefined) return `"${table}" has no column "${column}"`
    if (/blob|bytea|binary/.test(type)) return `"${table}.${column}" holds binary data, which the log does not take`
  }
  return null
}
