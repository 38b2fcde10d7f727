import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { LucidModel } from '@adonisjs/lucid/types/model'
import type { RelationshipsContract } from '@adonisjs/lucid/types/relations'
import { E_SOFT_DELETE_CONFIG } from './errors.js'

/** What a model says of its trash, in `static softDeletes`. */
export interface SoftDeletes {
  /** The hasOne and hasMany relations whose rows are deleted and restored together with this model's. */
  cascade?: string[]
  /** How long rows stay in the trash: "30d", or milliseconds. Without it nothing is purged unless asked for with an age. */
  retention?: string | number
  /** False: a row may be made or moved under a parent in the trash, and no lock is taken to prevent it. Default: true. */
  guard?: boolean
  /**
   * Called before rows are deleted for good, in the same transaction, at most 500 at a time; when it throws, they stay.
   * What belongs to a row and is not in the database goes here, such as its files.
   */
  beforePurge?: (rows: any[], client: TransactionClientContract) => unknown
  /**
   * Called with the rows that a purge is about to lock, in the same transaction: for a lock of one's own that others take before
   * they come to these rows.
   */
  beforeLock?: (rows: any[], client: TransactionClientContract) => unknown
}

/** A Lucid model composed with `SoftDelete`. */
export type SoftDeletingModel = LucidModel & { readonly isSoftDeleting: true; softDeletes: SoftDeletes }

/** A relation along which deletions go down; names of columns are the database's. */
export interface Edge {
  parent: SoftDeletingModel
  child: SoftDeletingModel
  parentColumn: string
  childColumn: string
  /** The property of the child that holds the parent's key. */
  childKey: string
  onQuery?: (query: any) => unknown
}

/** All edges from and to the models of a table. */
interface Graph {
  down: Map<string, Edge[]>
  up: Map<string, Edge[]>
}

const models = new Map<string, SoftDeletingModel>()
let known: Graph | null = null

/** Makes a model known by its table; the last one of a table counts. Done by the mixin when a model boots. */
export function register(model: SoftDeletingModel) {
  if (models.get(model.table) === model) return
  models.set(model.table, model)
  known = null
}

export function isSoftDeleting(model: LucidModel): model is SoftDeletingModel {
  return (model as SoftDeletingModel).isSoftDeleting
}

/** Whether the rows of this table have a trash. */
export function hasTrash(table: string): boolean {
  return models.has(table)
}

/**
 * Where a deletion of the model's rows goes on, those to the model itself first.
 *
 * @throws E_SOFT_DELETE_CONFIG for a relation that is missing, of another kind, or to a model without a trash.
 */
export function edgesOf(model: SoftDeletingModel): Edge[] {
  return graph().down.get(model.table) ?? []
}

/** The edges that lead to the model. */
export function parentsOf(model: SoftDeletingModel): Edge[] {
  return graph().up.get(model.table) ?? []
}

/** Who locks rows does it from above to below, along edges in this order: then two of them cannot wait for each other. */
function graph(): Graph {
  if (known) return known
  const edges: Edge[] = []
  for (const model of models.values()) {
    for (const name of model.softDeletes.cascade ?? []) edges.push(edge(model, name))
  }
  const depth = (table: string, below: string[] = []): number => {
    const above = edges.filter(
      ({ parent, child }) => child.table === table && ![table, ...below].includes(parent.table)
    )
    return Math.max(0, ...above.map(({ parent }) => 1 + depth(parent.table, [table, ...below])))
  }
  const place = (each: Edge) => [depth(each.parent.table), isLoop(each) ? 0 : 1, depth(each.child.table)]
  const places = new Map(edges.map((each) => [each, place(each)]))
  edges.sort((one, other) => compare(places.get(one)!, places.get(other)!))
  return (known = {
    down: Map.groupBy(edges, ({ parent }) => parent.table),
    up: Map.groupBy(edges, ({ child }) => child.table),
  })
}

function compare(one: number[], other: number[]): number {
  const index = one.findIndex((value, at) => value !== other[at])
  return index < 0 ? 0 : one[index] - other[index]
}

export function isLoop({ parent, child }: Edge): boolean {
  return parent.table === child.table
}

/** The column of the model's primary key. */
export function keyOf(model: LucidModel): string {
  return model.$keys.attributesToColumns.get(model.primaryKey, model.primaryKey)
}

function edge(parent: SoftDeletingModel, name: string): Edge {
  const relation: RelationshipsContract | undefined = parent.$relationsDefinitions.get(name)
  if (relation?.type !== 'hasOne' && relation?.type !== 'hasMany') {
    throw new E_SOFT_DELETE_CONFIG(`${parent.name}.softDeletes.cascade: "${name}" is no hasOne or hasMany relation.`)
  }
  relation.boot()
  const child = relation.relatedModel()
  if (!isSoftDeleting(child)) {
    throw new E_SOFT_DELETE_CONFIG(`${parent.name}.softDeletes.cascade: ${child.name} is not composed with SoftDelete.`)
  }
  child.boot()
  return {
    parent,
    child,
    parentColumn: relation.localKeyColumnName,
    childColumn: relation.foreignKeyColumnName,
    childKey: relation.foreignKey,
    onQuery: (relation as { onQueryHook?: Edge['onQuery'] }).onQueryHook,
  }
}
