import type { LucidModel, ModelColumnOptions } from '@adonisjs/lucid/types/model'
import type { Change, LoggedChange, Operation, WatchedTable } from './contract.js'
import { DELETED_AT } from './watched.js'

type Row = Record<string, unknown>

/** The change as a hook is given it: a new object each time, which the hook may keep or alter. */
export function toChange(row: LoggedChange, { model }: Partial<WatchedTable> = {}): Change {
  const before = parse(row.before)
  const after = parse(row.after)
  return {
    table: row.table_name,
    key: row.key,
    operation: operationOf(row),
    before: before && readBy(model, before),
    after: after && readBy(model, after),
    revision: Number(row.id),
  }
}

/** What happened, in the words of the hooks. */
export function operationOf({ operation, before, after }: LoggedChange): Operation {
  if (operation !== 'updated' || !after!.includes(DELETED_AT)) return operation
  const [was, is] = [parse(before)![DELETED_AT], parse(after)![DELETED_AT]]
  if (was === null && is !== null) return 'deleted'
  return was !== null && is === null ? 'restored' : 'updated'
}

function parse(json: string | null): Row | null {
  return json === null ? null : JSON.parse(json)
}

function readBy(model: LucidModel | undefined, row: Row): Row {
  if (!model) return row
  const attributes = attributesOf(model)
  return Object.fromEntries(
    Object.entries(row).map(([columnName, value]) => {
      const { name = columnName, column } = attributes.get(columnName) ?? {}
      const raw = isTime(column, value) ? new Date(value) : value
      return [name, column?.consume ? column.consume(raw, name, null as any) : raw]
    })
  )
}

const known = new WeakMap<LucidModel, Map<string, { name: string; column: ModelColumnOptions }>>()

function attributesOf(model: LucidModel) {
  const columns = model.$columnsDefinitions
  const attributes =
    known.get(model) ?? new Map([...columns].map(([name, column]) => [column.columnName, { name, column }]))
  known.set(model, attributes)
  return attributes
}

/** What the drivers give for a time differs; both are read as the moment that they mean. */
function isTime(column: ModelColumnOptions | undefined, value: unknown): value is string | number {
  if (column?.meta?.type !== 'datetime') return false
  return typeof value === 'number' || (typeof value === 'string' && value.endsWith('Z'))
}
