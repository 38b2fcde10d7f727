import { type Client, quote, type Trigger } from '#providers/triggers/index'
import type { Counter } from './counter.js'

export const PREFIX = 'counters_'

/** The triggers that keep the counters: those of one counted table together, whatever counts it. */
export function triggersOf(client: Client, counters: Counter[]): Trigger[] {
  const dialect = client.dialect.name === 'postgres' ? postgres : sqlite
  const tables = Map.groupBy(counters, ({ counted }) => counted.table)
  return [...tables].flatMap(([table, all]) => dialect(table, all))
}

/** Whether a row counts. */
export function counts({ counted: { by, unless } }: Counter, row: string): string {
  const conditions = [`${row}.${quote(by)} is not null`, ...unless.map((column) => `${row}.${quote(column)} is null`)]
  return conditions.join(' and ')
}

/** One update for each row: SQLite has no other triggers, and a thousand updates of one row cost it little. */
function sqlite(table: string, counters: Counter[]): Trigger[] {
  const on = quote(table)
  const columns = [...new Set(counters.flatMap(({ counted }) => [counted.by, ...counted.unless]))].map(quote)
  const add = (row: 'old' | 'new', sign: '+' | '-') =>
    counters.map(({ table: parent, key, column, ...counter }) => {
      const { by } = counter.counted
      const set = `update ${quote(parent)} set ${quote(column)} = ${quote(column)} ${sign} 1`
      return `${set} where ${quote(key)} = ${row}.${quote(by)} and ${counts({ table: parent, key, column, ...counter }, row)};`
    })
  const differ = columns.map((column) => `old.${column} is not new.${column}`).join(' or ')
  const make = (kind: string, when: string, body: string[]) => {
    return { table, name: `${PREFIX}${table}_${kind}`, when, body: body.join(' ') }
  }
  return [
    make('insert', `after insert on ${on}`, add('new', '+')),
    make('delete', `after delete on ${on}`, add('old', '-')),
    make('update', `after update of ${columns.join(', ')} on ${on} when ${differ}`, [
      ...add('old', '-'),
      ...add('new', '+'),
    ]),
  ]
}

/**
 * One update for each statement: ten thousand updates of one row within a transaction take PostgreSQL seconds, because each
 * steps over the versions that the others left.
 */
function postgres(table: string, counters: Counter[]): Trigger[] {
  const on = quote(table)
  const sides = { insert: { added: 1 }, delete: { removed: -1 }, update: { added: 1, removed: -1 } }
  const referencing = { added: 'new table as added', removed: 'old table as removed' }
  const triggers = Object.entries(sides).map(([kind, signs]): Trigger => {
    const rows = Object.keys(signs).map((side) => referencing[side as keyof typeof referencing])
    return {
      table,
      name: `${PREFIX}${table}_${kind}`,
      when: `after ${kind} on ${on} referencing ${rows.join(' ')} for each statement`,
      body: counters.map((counter) => change(counter, signs)).join('\n'),
    }
  })
  const truncate: Trigger = {
    table,
    name: `${PREFIX}${table}_truncate`,
    when: `after truncate on ${on} for each statement`,
    body: counters
      .map(
        ({ table: parent, column }) => `update ${quote(parent)} set ${quote(column)} = 0 where ${quote(column)} <> 0;`
      )
      .join('\n'),
  }
  return [...triggers, truncate]
}

/** Rows are locked in the order of their keys first, so that two statements that count for the same ones cannot deadlock. */
function change(counter: Counter, signs: Record<string, number>): string {
  const { table, key, column, counted } = counter
  const sides = Object.entries(signs).map(
    ([side, sign]) => `select ${quote(counted.by)} as key, ${sign} as n from ${side} where ${counts(counter, side)}`
  )
  const delta = `select key, sum(n) as n from (${sides.join(' union all ')}) as each group by key having sum(n) <> 0`
  return `
if exists (select from (${sides.join(' union all ')}) as each) then
  perform from ${quote(table)} where ${quote(key)} in (select key from (${delta}) as d) order by ${quote(key)} for no key update;
  update ${quote(table)} as parent set ${quote(column)} = parent.${quote(column)} + d.n from (${delta}) as d where parent.${quote(key)} = d.key;
end if;`
}
