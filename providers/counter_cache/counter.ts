import type { LucidModel } from '@adonisjs/lucid/types/model'
import { E_COUNTER_DECLARATION } from './errors.js'

/** What a model counts, under the name of the attribute that holds the number: `static counters = { postsCount: { … } }`. */
export type Counters = Record<string, Counts>

export interface Counts {
  /** The model whose rows are counted. */
  of: () => LucidModel
  /** The attribute there that holds this model's primary key. */
  by: string
  /** Attributes there that must be null for a row to count, such as `archivedAt`. `deletedAt`, where there is one, always is. */
  unless?: readonly string[]
}

/** A counter as the database sees it: tables and columns. */
export interface Counter {
  table: string
  key: string
  column: string
  counted: { table: string; by: string; unless: string[] }
}

const DELETED_AT = 'deleted_at'

/**
 * The counters that a model declares.
 *
 * @throws E_COUNTER_DECLARATION when it declares none, or names an attribute that is not there.
 */
export function countersOf(model: LucidModel): Counter[] {
  model.boot()
  const { counters } = model as LucidModel & { counters?: Counters }
  if (!counters)
    throw new E_COUNTER_DECLARATION(`${model.name} is in config/counter_cache.ts and has no "static counters".`)
  return Object.entries(counters).map(([attribute, { of, by, unless = [] }]) => {
    const counted = of()
    counted.boot()
    const nulls = unless.map((each) => columnOf(counted, each))
    const isSoft = [...counted.$columnsDefinitions.values()].some(({ columnName }) => columnName === DELETED_AT)
    return {
      table: model.table,
      key: columnOf(model, model.primaryKey),
      column: columnOf(model, attribute),
      counted: {
        table: counted.table,
        by: columnOf(counted, by),
        unless: isSoft && !nulls.includes(DELETED_AT) ? [...nulls, DELETED_AT] : nulls,
      },
    }
  })
}

function columnOf(model: LucidModel, attribute: string): string {
  const column = model.$getColumn(attribute)
  if (!column) throw new E_COUNTER_DECLARATION(`A counter names "${attribute}", which is no column of ${model.name}.`)
  return column.columnName
}
