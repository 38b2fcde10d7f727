import type { NormalizeConstructor } from '@adonisjs/core/types/helpers'
import { BaseModel, column } from '@adonisjs/lucid/orm'
import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { LucidModel, ModelQueryBuilderContract } from '@adonisjs/lucid/types/model'
import { E_ANOTHER_TREE, E_INSIDE_ITSELF, E_NESTED_SET_CONFIG, E_NODE_GONE, E_UNPLACED } from './errors.js'
import { type Gap, MAX_BITS, place, type Side } from './labels.js'
import { type Problem, problemsOf } from './problems.js'
import { rebuild, rebuildBelow } from './rebuild.js'
import { type Forest, type Move, type Placed, Tree } from './tree.js'

/** Where a node goes, as seen from another: below it, as its first or last child, or beside it. */
export type Position = 'first-child' | 'last-child' | 'left' | 'right'

/** A node with what was given of its descendants. */
export interface Branch<Row> {
  node: Row
  children: Branch<Row>[]
}

/**
 * A mixin for models whose rows are the nodes of trees: columns `parent_id`, `lft`, `rgt` and `depth`. See README.md for
 * what it promises.
 *
 *     class Comment extends compose(CommentSchema, withUuid, SoftDelete, NestedSet('postId')) {}
 *
 *     await new Comment().fill({ postId, text }).makeRoot()
 *     await new Comment().fill({ text }).appendTo(parent)
 *
 * @param scope the attribute that says which tree a row is of; without it all rows are one tree.
 */
export function NestedSet(scope?: string) {
  return function <Model extends NormalizeConstructor<typeof BaseModel>>(superclass: Model) {
    class Nesting extends superclass {
      static readonly treeScope = scope

      /** A tree has 2^labelBits labels, two for each node. 52 at most, which is the default. */
      static labelBits = MAX_BITS

      static boot() {
        if (Object.hasOwn(this, 'booted') && this.booted) return
        super.boot()
        this.before('create', requirePlace)
        this.before('update', refuseDisorder)
        liftBeforePurge(this as unknown as NestingModel)
      }

      /**
       * The rows as trees, in order. A row whose parent was not given is on top.
       *
       * @param rows of one tree, in any order.
       */
      static toTree<Row extends { id: string; parentId: string | null; lft: number }>(rows: Row[]): Branch<Row>[] {
        const branches = new Map(rows.map((node): [string, Branch<Row>] => [node.id, { node, children: [] }]))
        const tops: Branch<Row>[] = []
        for (const branch of [...branches.values()].sort((one, other) => one.node.lft - other.node.lft)) {
          const parent = branch.node.parentId === null ? undefined : branches.get(branch.node.parentId)
          const siblings = parent ? parent.children : tops
          siblings.push(branch)
        }
        return tops
      }

      /**
       * What is wrong in a tree, read in one statement, so that whoever writes meanwhile makes no defects; all of its rows
       * are held in memory.
       *
       * @param scope the value that names the tree.
       */
      static async findProblems(scope: Scope = null, options: Options = {}): Promise<Problem[]> {
        const nodes = await Tree.read(clientOf(this, options), forestOf(this), scope)
        return problemsOf(nodes, this.labelBits)
      }

      /**
       * Rebuilds a tree from `parent_id`, while the server runs: who writes in that tree waits, in a transaction.
       *
       * @returns how many rows were written; none where `findProblems` finds none.
       * @throws E_TREE_FULL
       */
      static fixTree(scope: Scope = null, options: Options = {}): Promise<number> {
        return Tree.hold(clientOf(this, options), forestOf(this), scope, rebuild)
      }

      /**
       * As `fixTree`, below one node alone; the whole tree where that does not help.
       *
       * @throws E_NODE_GONE, E_TREE_FULL
       */
      static partialRebuild(node: any, options: Options = {}): Promise<number> {
        const client = options.client ?? clientOfRow(node)
        return Tree.hold(client, forestOf(this), scopeOf(node), (tree) => rebuildBelow(tree, node.id))
      }

      /**
       * Lets the children of rows that will be deleted move up to the next ancestor that stays, in place. The deletions of
       * instances and purges do it; whoever deletes in bulk does it first, in the same transaction.
       */
      static async liftChildren(rows: any[], client: TransactionClientContract) {
        const trees = Map.groupBy(rows, scopeOf)
        for (const scope of [...trees.keys()].sort()) {
          const ids = trees.get(scope)!.map(({ id }) => id)
          await Tree.hold(client, forestOf(this), scope, (tree) => tree.lift(ids))
        }
      }

      @column()
      declare parentId: string | null

      @column({ serializeAs: null, consume: numberOf })
      declare lft: number

      @column({ serializeAs: null, consume: numberOf })
      declare rgt: number

      /** How many ancestors it has. */
      @column()
      declare depth: number

      /** Makes it the last child: a new row is saved, an old one moves with its descendants. As all that follow. */
      appendTo(parent: this): Promise<this> {
        return this.insertAt(parent, 'last-child')
      }

      prependTo(parent: this): Promise<this> {
        return this.insertAt(parent, 'first-child')
      }

      /**
       * Puts the node below or beside another one, which says what its tree is. Where it stands already, nothing happens.
       * What it writes of an old row is its place alone, without hooks.
       *
       * @throws E_INSIDE_ITSELF, E_ANOTHER_TREE, E_NODE_GONE, E_UNPLACED where the other has no place itself, E_TREE_FULL;
       *   then nothing moved.
       */
      async insertAt(target: this, position: Position): Promise<this> {
        if (!this.$isPersisted) adoptScope(this, target)
        if (scopeOf(this) !== scopeOf(target)) throw new E_ANOTHER_TREE()
        return put(this, target, position)
      }

      /** As `insertAt`, for a row that is there. */
      async moveTo(target: this, position: Position): Promise<this> {
        if (!this.$isPersisted) throw new E_UNPLACED('A row that is not there yet cannot move. Use insertAt.')
        return this.insertAt(target, position)
      }

      /** Makes it the last root of its tree. */
      makeRoot(): Promise<this> {
        return put(this, null, 'last-child')
      }

      /** The root first. */
      ancestors(): Query<Model, this> {
        const { table, primaryKey: key } = modelOf(this)
        const up = `with recursive up as (
          select parent_id from ?? where ${key} = ?
          union select above.parent_id from ?? as above join up on above.id = up.parent_id
        ) select parent_id from up where parent_id is not null`
        return queryOf(this).whereRaw(`${table}.id in (${up})`, [table, this.id, table]).orderBy(`${table}.lft`)
      }

      /**
       * In the order of the tree: each node after its parent, and before that one's next child.
       *
       * @param options.maxDepth of generations: 1 is the children.
       */
      descendants({ maxDepth }: { maxDepth?: number } = {}): Query<Model, this> {
        const { table } = modelOf(this)
        const query = withinScope(this, queryOf(this))
          .whereRaw(`??.lft > ${own('lft')} and ??.lft < ${own('rgt')}`, [table, table, this.id, table, table, this.id])
          .orderBy(`${table}.lft`)
        if (maxDepth === undefined) return query
        return query.whereRaw(`??.depth <= ${own('depth')} + ?`, [table, table, this.id, maxDepth])
      }

      children(): Query<Model, this> {
        const { table } = modelOf(this)
        return queryOf(this).where(`${table}.parent_id`, this.id).orderBy(`${table}.lft`)
      }

      /** Those with the same parent, without the node itself. */
      siblings(): Query<Model, this> {
        const { table } = modelOf(this)
        const parent = own('parent_id')
        return withinScope(this, queryOf(this))
          .whereRaw(`(??.parent_id = ${parent} or (??.parent_id is null and ${parent} is null))`, [
            table,
            table,
            this.id,
            table,
            table,
            this.id,
          ])
          .whereNot(`${table}.id`, this.id)
          .orderBy(`${table}.lft`)
      }

      /** Whether the other one is an ancestor, by what the database says now. */
      async isDescendantOf(other: this): Promise<boolean> {
        const found = await withTrash(this.ancestors())
          .where(`${modelOf(this).table}.id`, other.id)
          .first()
        return found !== null
      }

      /** How many `descendants()` shows. */
      async descendantsCount(): Promise<number> {
        const [{ $extras }] = await this.descendants().clearOrder().count('* as total')
        return Number($extras.total)
      }

      /** Deletes the row; its children move up to its parent, in place. Into a trash it goes with its place. */
      async delete() {
        if (hasTrash(this)) return super.delete()
        await withLiftedChildren(this, () => super.delete())
      }

      /** As `delete`, without hooks. */
      async deleteQuietly() {
        if (hasTrash(this)) return super.deleteQuietly()
        await withLiftedChildren(this, () => super.deleteQuietly())
      }

      declare id: string
    }
    return Nesting
  }
}

type Scope = string | number | null
type Options = { client?: QueryClientContract }

/** A query for rows of the node's model, to which one can add. */
type Query<Model, Row> = ModelQueryBuilderContract<Model & LucidModel, Row>

/** A row of a nesting model. */
type Nested = InstanceType<typeof BaseModel> & { id: string }
type NestingModel = LucidModel & {
  treeScope?: string
  labelBits: number
  isSoftDeleting?: boolean
  softDeletes?: { beforePurge?: BeforePurge; beforeLock?: BeforePurge }
  liftChildren(rows: any[], client: TransactionClientContract): Promise<void>
}

/** The rows that are being put somewhere, or moved. */
const placed = new WeakSet<object>()

function put<Row extends Nested>(row: Row, target: Nested | null, position: Position): Promise<Row> {
  const client = row.$trx ?? target?.$trx ?? clientOfRow(row)
  return Tree.hold(client, forestOf(modelOf(row)), scopeOf(row), async (tree) => {
    if (row.$isPersisted) await move(tree, row, target, position)
    else await insert(tree, row, target, position)
    return row
  })
}

async function insert(tree: Tree, row: Nested, target: Nested | null, position: Position) {
  const fresh = target && (await placedNode(tree, target.id))
  let spot = await spotOf(tree, fresh, position)
  if (!place(spot.gap, 2, spot.side)) {
    await tree.makeRoom(spot.gap, 2)
    spot = await spotOf(tree, target && (await placedNode(tree, target.id)), position)
  }
  const { first, step } = place(spot.gap, 2, spot.side)!
  const { parentId, depth } = spot
  for (const [name, value] of Object.entries({ parentId, depth, lft: first, rgt: first + step })) {
    row.$setAttribute(name, value)
  }
  row.useTransaction(tree.client)
  placed.add(row)
  try {
    await row.save()
  } finally {
    placed.delete(row)
  }
}

async function move(tree: Tree, row: Nested, target: Nested | null, position: Position) {
  const node = await placedNode(tree, row.id)
  const fresh = target && (await placedNode(tree, target.id))
  if (fresh && fresh.lft >= node.lft && fresh.rgt <= node.rgt) throw new E_INSIDE_ITSELF()
  const moving: Move = { id: node.id, lft: node.lft, rgt: node.rgt, parentId: null, deeper: 0 }
  const { gap, side, parentId, depth } = await spotOf(tree, fresh, position, moving)
  Object.assign(moving, { parentId, deeper: depth - node.depth })
  const isThere = parentId === node.parent_id && gap.after < node.lft && node.rgt < gap.before
  if (!isThere) await settle(tree, gap, side, moving)
  const [{ parent_id: parent, ...rest }] = isThere ? [node] : await tree.nodes([node.id])
  setPlace(row, { parentId: parent, lft: rest.lft, rgt: rest.rgt, depth: rest.depth })
}

async function settle(tree: Tree, gap: Gap, side: Side, moving: Move) {
  const labels = await tree.labelsBetween(moving.lft, moving.rgt)
  const row = place(gap, labels, side)
  if (row) await tree.settle(gap, row, moving)
  else await tree.makeRoom(gap, labels, moving)
}

/** The gap that a position means, and what a node is there. */
async function spotOf(tree: Tree, target: Placed | null, position: Position, moving?: Move) {
  if (!target) {
    return { gap: await tree.gap('before', tree.end, moving), side: 'after' as Side, parentId: null, depth: 0 }
  }
  const { id, parent_id: parentId, depth } = target
  switch (position) {
    case 'left':
      return { gap: await tree.gap('before', target.lft, moving), side: 'middle' as Side, parentId, depth }
    case 'right':
      return { gap: await tree.gap('after', target.rgt, moving), side: 'middle' as Side, parentId, depth }
    case 'first-child':
    case 'last-child': {
      const isFirst = position === 'first-child'
      const gap = await (isFirst ? tree.gap('after', target.lft, moving) : tree.gap('before', target.rgt, moving))
      const isEmpty = gap.after === target.lft && gap.before === target.rgt
      const side: Side = isEmpty ? 'inside' : isFirst ? 'before' : 'after'
      return { gap, side, parentId: id, depth: depth + 1 }
    }
  }
}

async function placedNode(tree: Tree, id: string): Promise<Placed> {
  const [node] = await tree.nodes([id])
  if (!node) throw new E_NODE_GONE()
  if (node.lft === null || node.rgt === null) throw new E_UNPLACED()
  return node as Placed
}

/** Sets what the database has, and leaves what else was changed as it is. */
function setPlace(row: Nested, place: Record<string, unknown>) {
  for (const [name, value] of Object.entries(place)) row.$attributes[name] = row.$original[name] = value
}

async function withLiftedChildren(row: Nested, remove: () => Promise<void>) {
  const client = clientOfRow(row)
  await Tree.hold(client, forestOf(modelOf(row)), scopeOf(row), async (tree) => {
    await tree.lift([row.id])
    row.useTransaction(tree.client)
    await remove()
  })
}

type BeforePurge = (rows: any[], client: TransactionClientContract) => unknown

/** The hooks that lift children already: a model's class inherits that of a class that it extends. */
const lifting = new WeakSet<BeforePurge>()

/** A purge and `forceDelete` show the rows before they are gone. */
function liftBeforePurge(model: NestingModel) {
  const { beforePurge, beforeLock } = model.softDeletes ?? {}
  if (!model.isSoftDeleting || (beforePurge && lifting.has(beforePurge))) return
  const lift: BeforePurge = async (rows, client) => {
    await modelOf(rows[0]).liftChildren(rows, client)
    await beforePurge?.(rows, client)
  }
  // Who inserts holds the tree when it comes to a row that counts what is below it.
  const hold: BeforePurge = async (rows, client) => {
    for (const scope of [...new Set(rows.map(scopeOf))].sort())
      await Tree.hold(client, forestOf(modelOf(rows[0])), scope, async () => {})
    await beforeLock?.(rows, client)
  }
  lifting.add(lift)
  model.softDeletes = { ...model.softDeletes, beforePurge: lift, beforeLock: hold }
}

function requirePlace(row: object) {
  if (!placed.has(row)) throw new E_UNPLACED()
}

function refuseDisorder(row: any) {
  const { $dirty } = row as Nested
  if (['parentId', 'lft', 'rgt', 'depth'].some((name) => name in $dirty)) throw new E_UNPLACED()
}

function adoptScope(row: Nested, target: Nested) {
  const { treeScope } = modelOf(row)
  if (treeScope && isMissing(row.$attributes[treeScope])) row.$setAttribute(treeScope, target.$attributes[treeScope])
}

function isMissing(value: unknown) {
  return value === undefined || value === null
}

function hasTrash(row: Nested) {
  return Boolean(modelOf(row).isSoftDeleting)
}

function modelOf(row: Nested) {
  return row.constructor as unknown as NestingModel
}

function scopeOf(row: Nested): Scope {
  const { treeScope } = modelOf(row)
  return treeScope ? (row.$attributes[treeScope] as Scope) : null
}

const forests = new WeakMap<object, Forest>()

function forestOf(model: any): Forest {
  let forest = forests.get(model)
  if (!forest) forests.set(model, (forest = makeForest(model)))
  return forest
}

function makeForest(model: NestingModel): Forest {
  model.boot()
  const { treeScope, labelBits, table } = model
  if (!Number.isInteger(labelBits) || labelBits < 2 || labelBits > MAX_BITS) {
    throw new E_NESTED_SET_CONFIG(`${model.name}.labelBits is to be a whole number from 2 to ${MAX_BITS}.`)
  }
  const column = treeScope === undefined ? null : model.$getColumn(treeScope)
  if (column === undefined) {
    throw new E_NESTED_SET_CONFIG(`NestedSet('${treeScope}') names an attribute that ${model.name} does not have.`)
  }
  return { table, scope: column?.columnName ?? null, bits: labelBits }
}

function clientOf(model: any, { client }: Options): QueryClientContract {
  return client ?? model.query().client
}

function clientOfRow(row: Nested): QueryClientContract {
  return modelOf(row).$adapter.modelClient(row)
}

function queryOf(row: any): any {
  return row.constructor.query({ client: clientOfRow(row) })
}

function withinScope(row: Nested, query: any) {
  const { table, scope } = forestOf(modelOf(row))
  return scope ? query.where(`${table}.${scope}`, scopeOf(row)) : query
}

function withTrash(query: any) {
  return query.withTrashed ? query.withTrashed() : query
}

/** What the database has now, in a query about others: the instance may be older. */
function own(name: string) {
  return `(select own.${name} from ?? as own where own.id = ?)`
}

function numberOf(value: unknown) {
  return value === null || value === undefined ? value : Number(value)
}
