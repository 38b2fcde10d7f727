import { ModelQueryBuilder } from '@adonisjs/lucid/orm'
import type { LucidModel } from '@adonisjs/lucid/types/model'
import { retryDeadlocks } from '#providers/portable/index'
import { deleteWithDescendants, restore } from './cascade.js'
import { isSoftDelete, mark, type TrashState } from './filter.js'
import { edgesOf, type SoftDeletingModel } from './graph.js'

declare module '@adonisjs/lucid/types/model' {
  interface ModelQueryBuilderContract<Model extends LucidModel, Result> {
    /** Living and trashed rows. Preloads, sub-queries and joined tables of the same query still hide theirs. */
    withTrashed: Model extends SoftDeletingModel ? () => this : unknown
    /** Trashed rows alone; otherwise as `withTrashed`. */
    onlyTrashed: Model extends SoftDeletingModel ? () => this : unknown
    /**
     * Takes the rows out of the trash, each with what its own deletion took along, or none of them.
     *
     * @returns how many rows of this model matched; those that are not in the trash do not count.
     * @throws E_PARENT_TRASHED, E_RESTORE_CONFLICT.
     */
    restore: Model extends SoftDeletingModel ? () => Promise<number> : unknown
    /** Deletes for good: living rows, or what `withTrashed` and `onlyTrashed` name. No hooks; foreign keys decide on the rest. */
    forceDelete: Model extends SoftDeletingModel ? () => ModelQueryBuilderContract<Model, any> : unknown
  }
}

const builder: any = ModelQueryBuilder.prototype
const INSTALLED = Symbol.for('calotype.soft_delete')

/** Teaches Lucid's query builder the trash; once, however often it is called. */
export function install() {
  if (builder[INSTALLED]) return
  builder[INSTALLED] = true
  hideTrashed()
  addMethods()
}

function hideTrashed() {
  const { applyWhere, applyQueryFlags, execQuery } = builder

  // Runs before every compilation of the query, nested ones included.
  builder.applyWhere = function () {
    const { whereStack } = this
    // Lucid takes the first condition of each bracket out: a query that is compiled again would lose it.
    if (whereStack.length > 1) this.whereStack = whereStack.map((conditions: unknown[]) => [...conditions])
    applyWhere.call(this)
    this.whereStack = whereStack
    mark(this.knexQuery, this)
  }

  // Runs in every clone.
  builder.applyQueryFlags = function (clone: { trash?: TrashState }) {
    applyQueryFlags.call(this, clone)
    if (this.trash) clone.trash = { ...this.trash }
  }

  builder.execQuery = function () {
    const run = () => execQuery.call(this)
    if (!isSoftDelete(this.knexQuery, this) || this.trash?.isAlone) return run()
    return edgesOf(this.model).length > 0 ? deleteWithDescendants(this, run) : retryDeadlocks(this.client, run)
  }
}

function addMethods() {
  const methods = {
    withTrashed(this: any) {
      this.trash = { ...this.trash, mode: 'with' }
      return this
    },
    onlyTrashed(this: any) {
      this.trash = { ...this.trash, mode: 'only' }
      return this
    },
    restore(this: any) {
      return restore(this)
    },
    forceDelete(this: any) {
      this.trash = { ...this.trash, isForced: true }
      return this.del()
    },
  }
  Object.assign(builder, methods)
}

/** A query that sees the trash, of any model that has one. */
export function everyRow(model: SoftDeletingModel, client?: LucidModelClient) {
  const query = model.query({ client })
  query.withTrashed()
  return query
}

type LucidModelClient = NonNullable<NonNullable<Parameters<LucidModel['query']>[0]>['client']>
