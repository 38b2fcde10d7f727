import { literal, quote, type Trigger } from '#providers/triggers/index'
import type { WatchedTable } from './contract.js'

const NOW = `cast((julianday('now') - 2440587.5) * 86400000 as integer)`

/** The triggers that log the changes of a table on SQLite, one for each kind of change. */
export function sqliteTriggers({ table, key, columns }: WatchedTable, types: Map<string, string>): Trigger[] {
  const on = quote(table)
  const list = (row: string, names: string[]) => names.map((name) => `${row}.${quote(name)}`).join(', ')
  const values = (row: string) =>
    `json_object(${columns.map((name) => `${literal(name)}, ${asJson(`${row}.${quote(name)}`, types.get(name)!)}`).join(', ')})`
  const log = (operation: string, row: string, before: string, after: string) =>
    `insert into changes (table_name, key, operation, before, after, created_at) ` +
    `values (${literal(table)}, ${keyOf(row, key)}, '${operation}', ${before}, ${after}, ${NOW});`
  const make = (kind: string, when: string, ...body: string[]): Trigger => {
    return { table, name: `changes_${table}_${kind}`, when, body: body.join(' ') }
  }

  const created = log('created', 'new', 'null', values('new'))
  const deleted = log('deleted', 'old', values('old'), 'null')
  const updated = log('updated', 'new', values('old'), values('new'))
  const sameKey = `(${list('old', key)}) is (${list('new', key)})`
  const differ = `(${list('old', columns)}) is not (${list('new', columns)})`
  const triggers = [
    make('insert', `after insert on ${on}`, created),
    make('delete', `after delete on ${on}`, deleted),
    make('rekey', `after update of ${key.map(quote).join(', ')} on ${on} when not (${sameKey})`, deleted, created),
  ]
  if (columns.length === 0) return triggers
  const of = [...new Set([...columns, ...key])].map(quote).join(', ')
  return [...triggers, make('update', `after update of ${of} on ${on} when ${sameKey} and ${differ}`, updated)]
}

function keyOf(row: string, key: string[]): string {
  const texts = key.map((name) => `cast(${row}.${quote(name)} as text)`)
  return texts.length === 1 ? texts[0] : `json_array(${texts.join(', ')})`
}

/** Types are what the column was declared as: booleans are kept as numbers, and bigints would lose digits in JSON. */
function asJson(value: string, type: string): string {
  if (/bool/.test(type)) return `iif(${value} is null, null, iif(${value}, json('true'), json('false')))`
  return /bigint|decimal|numeric/.test(type) ? `cast(${value} as text)` : value
}
