import type { LucidModel } from '@adonisjs/lucid/types/model'
import type { WatchedTable } from './contract.js'
import { E_CHANGE_LOG_DECLARATION } from './errors.js'

/** A model that says which of its attributes matter. */
export interface WatchedModel extends LucidModel {
  watched: readonly string[]
}

/** Watched wherever it is: its setting is a deletion, its clearing a restoration. */
export const DELETED_AT = 'deleted_at'

/**
 * What a model declares: its `static watched`, and `deleted_at` where it has one.
 *
 * @throws E_CHANGE_LOG_DECLARATION when it declares nothing, or an attribute that it does not have.
 */
export function watchedTable(model: LucidModel): WatchedTable {
  model.boot()
  const { watched } = model as WatchedModel
  if (!watched) {
    throw new E_CHANGE_LOG_DECLARATION(`${model.name} is in config/change_log.ts and has no "static watched".`)
  }
  const columns = watched.map((attribute) => columnOf(model, attribute))
  const isSoft = [...model.$columnsDefinitions.values()].some(({ columnName }) => columnName === DELETED_AT)
  if (isSoft && !columns.includes(DELETED_AT)) columns.push(DELETED_AT)
  return { table: model.table, key: [columnOf(model, model.primaryKey)], columns, model }
}

function columnOf(model: LucidModel, attribute: string): string {
  const column = model.$getColumn(attribute)
  if (!column) throw new E_CHANGE_LOG_DECLARATION(`${model.name} watches "${attribute}", which is no column of it.`)
  return column.columnName
}
