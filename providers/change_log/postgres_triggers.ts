import { literal, quote, type Trigger } from '#providers/triggers/index'
import type { WatchedTable } from './contract.js'

const NOW = `(extract(epoch from clock_timestamp()) * 1000)::bigint`
const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS`

/** The triggers that log the changes of a table on PostgreSQL, for writers with whatever `search_path`. */
export function postgresTriggers(watched: WatchedTable, types: Map<string, string>, schema: string): Trigger[] {
  const { table, key, columns } = watched
  const on = `${quote(schema)}.${quote(table)}`
  const { created, deleted, updated, truncated } = logOf(watched, types, schema)
  const compared = (row: string) => [...new Set([...key, ...columns])].map((name) => comparable(row, name, types))
  const [old, now] = ['old', 'new'].map((row) => `(${compared(row).join(', ')})`)
  const list = (row: string) => key.map((name) => `${row}.${quote(name)}`).join(', ')
  const sameKey = `(${list('old')}) is not distinct from (${list('new')})`
  const make = (kind: string, when: string, body: string): Trigger => {
    return { table, name: `changes_${table}_${kind}`, when, body }
  }
  return [
    make('insert', `after insert on ${on} for each row`, created),
    make('delete', `after delete on ${on} for each row`, deleted),
    make(
      'update',
      `after update on ${on} for each row when (${old} is distinct from ${now})`,
      `if ${sameKey} then\n${updated}\nelse\n${deleted}\n${created}\nend if;`
    ),
    make('truncate', `before truncate on ${on} for each statement`, truncated),
  ]
}

function logOf({ table, key, columns }: WatchedTable, types: Map<string, string>, schema: string) {
  const head = `insert into ${quote(schema)}.changes (table_name, key, operation, before, after, xid, created_at)`
  const values = (row: string) =>
    `json_build_object(${columns.map((name) => `${literal(name)}, ${asJson(`${row}.${quote(name)}`, types.get(name)!)}`).join(', ')})::text`
  const row = (operation: string, of: string, before: string, after: string) =>
    `${literal(table)}, ${keyOf(of, key)}, '${operation}', ${before}, ${after}, pg_current_xact_id()::text, ${NOW}`
  const from = `from ${quote(schema)}.${quote(table)} as gone`
  return {
    created: `${head} values (${row('created', 'new', 'null', values('new'))});`,
    deleted: `${head} values (${row('deleted', 'old', values('old'), 'null')});`,
    updated: `${head} values (${row('updated', 'new', values('old'), values('new'))});`,
    truncated: `${head} select ${row('deleted', 'gone', values('gone'), 'null')} ${from};`,
  }
}

function keyOf(row: string, key: string[]): string {
  const texts = key.map((name) => `${row}.${quote(name)}::text`)
  if (texts.length === 1) return texts[0]
  // As SQLite and JavaScript write it: json_build_array puts blanks in between.
  return `'[' || ${texts.map((text) => `to_json(${text})`).join(` || ',' || `)} || ']'`
}

/** A few types have no equality. */
function comparable(row: string, name: string, types: Map<string, string>): string {
  return `${row}.${quote(name)}${/^(json|xml|point)$/.test(types.get(name)!) ? '::text' : ''}`
}

/** Numbers that lose digits in JSON are text, and times are as JavaScript writes them, whatever the session's settings. */
function asJson(value: string, type: string): string {
  if (/^(boolean|smallint|integer|real|double precision|date)$/.test(type)) return value
  if (/^timestamp.* with time zone$/.test(type)) return `to_char(${value} at time zone 'UTC', ${ISO}"Z"')`
  if (/^timestamp/.test(type)) return `to_char(${value}, ${ISO}')`
  return `${value}::text`
}
