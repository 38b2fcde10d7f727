import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'
import { inTransaction } from '#providers/portable/index'
import { E_TREE_FULL } from './errors.js'
import { type Gap, type Level, levelsAround, type Row, spread } from './labels.js'

/** A table of trees. */
export interface Forest {
  table: string
  /** The column that says which tree a row is of; null where the table is one tree. */
  scope: string | null
  bits: number
}

/** A row as the tree sees it. */
export interface Node {
  id: string
  parent_id: string | null
  lft: number | null
  rgt: number | null
  depth: number
}

/** A node that has its place. */
export type Placed = Node & { lft: number; rgt: number }

/** A subtree on its way: the labels that it has now, and what changes but those. */
export interface Move {
  id: string
  lft: number
  rgt: number
  parentId: string | null
  deeper: number
}

type Value = string | number | null

/** No label is as low. */
const NOWHERE = -3

/** What new labels have less until all rows have theirs, so that no two collide meanwhile: 2^53, and all of them lie below half of it. */
const ASIDE = 2 ** 53

const ROWS = 1000

/**
 * One tree, held by a transaction: nobody else inserts, moves or deletes in it meanwhile. It sees all rows, those in a
 * trash too.
 */
export class Tree {
  /**
   * Runs the work with the tree held: on PostgreSQL by an advisory lock that is taken first; on SQLite nobody else writes
   * while a transaction does. In a transaction of the caller, the tree is held until that ends.
   *
   * @param work is run again after a deadlock with whoever writes the rows without holding the tree.
   */
  static hold<Result>(
    client: QueryClientContract,
    forest: Forest,
    scope: Value,
    work: (tree: Tree) => Promise<Result>
  ): Promise<Result> {
    const held = async (transaction: TransactionClientContract) => {
      const tree = new Tree(transaction, forest, scope)
      await tree.#lock()
      return work(tree)
    }
    return client.isTransaction ? held(client as TransactionClientContract) : inTransaction(client, held)
  }

  /** All rows of a tree, in one statement, without holding it. */
  static read(client: QueryClientContract, forest: Forest, scope: Value): Promise<Node[]> {
    return new Tree(client, forest, scope).all()
  }

  readonly end: number

  private constructor(
    private reader: QueryClientContract,
    private forest: Forest,
    readonly scope: Value
  ) {
    this.end = 2 ** forest.bits
  }

  /** The transaction that holds the tree. */
  get client() {
    return this.reader as TransactionClientContract
  }

  get bits() {
    return this.forest.bits
  }

  async nodes(ids: string[]): Promise<Node[]> {
    const marks = ids.map(() => '?').join(', ')
    return this.#rows(`select ${NODE} from ?? where id in (${marks}) and ${this.#mine.sql}`, ids)
  }

  all(): Promise<Node[]> {
    return this.#rows(`select ${NODE} from ?? where ${this.#mine.sql}`)
  }

  /** The node's descendants by `parent_id` alone. */
  below(id: string): Promise<Node[]> {
    const { sql, bindings } = this.#mine
    // The plus keeps SQLite from the index of the scope, in which it would look through the whole tree for each row.
    const mine = this.#isPostgres ? prefixed(sql, 'child') : `+${prefixed(sql, 'child')}`
    return rowsOf(
      this.client,
      `with recursive below as (
        select ${NODE} from ?? as child where parent_id = ? and ${mine}
        union select ${NODE.replace(/\w+/g, 'child.$&')} from ?? as child join below on child.parent_id = below.id and ${mine}
      ) select ${NODE} from below`,
      [this.forest.table, id, ...bindings, this.forest.table, ...bindings]
    )
  }

  /** How many ancestors a node has by `parent_id`. */
  async depthOf(id: string): Promise<number> {
    const { sql, bindings } = this.#mine
    const [{ nodes }] = await rowsOf(
      this.client,
      `with recursive up as (
        select id, parent_id from ?? where id = ? and ${sql}
        union select above.id, above.parent_id from ?? as above join up on above.id = up.parent_id and ${prefixed(sql, 'above')}
      ) select count(*) as nodes from up`,
      [this.forest.table, id, ...bindings, this.forest.table, ...bindings]
    )
    return Number(nodes) - 1
  }

  /** How many labels there are from one to another. */
  async labelsBetween(low: number, high: number): Promise<number> {
    const [{ nodes }] = await this.#rows(
      `select count(*) as nodes from ?? where ${within('lft', low, high)} and ${this.#mine.sql}`
    )
    return 2 * Number(nodes)
  }

  /** Who has a label between these two. */
  among(low: number, high: number): Promise<Node[]> {
    return this.#rows(
      `select ${NODE} from ?? where (${within('lft', low, high)} or ${within('rgt', low, high)}) and ${this.#mine.sql}`
    )
  }

  /**
   * The free labels next to one.
   *
   * @param moving its labels count as free.
   */
  async gap(side: 'after' | 'before', label: number, moving?: Move): Promise<Gap> {
    const other = await this.#neighbour(side, label, moving)
    return side === 'after' ? { after: label, before: other } : { after: other, before: label }
  }

  /**
   * Spreads the labels around a gap, and leaves room in it, or sets a subtree down there: one statement, so whoever reads
   * sees all of it or nothing.
   *
   * @param gap where room is needed.
   * @param count of labels that it is needed for.
   * @throws E_TREE_FULL
   */
  async makeRoom({ after }: Gap, count: number, moving?: Move) {
    const { low, high, labels } = await this.#roomiest(after, count, moving)
    await this.#relabel(low, high, after, spread(low, high, labels), moving ? 0 : count, moving)
  }

  /** Sets a subtree down in a gap that has room for it. */
  async settle({ after, before }: Gap, row: Row, moving: Move) {
    await this.#relabel(after + 1, before - 1, after, row, 0, moving)
  }

  /** Writes bounds, depths and parents as they are given, a thousand rows a statement, and all labels aside until the last. */
  async rewrite(nodes: Placed[]) {
    for (let from = 0; from < nodes.length; from += ROWS) {
      const part = nodes.slice(from, from + ROWS).map(({ id, parent_id, lft, rgt, depth }) => {
        return { id, parent_id, lft: lft - ASIDE, rgt: rgt - ASIDE, depth }
      })
      await this.#run(
        `update ?? as node set parent_id = fresh.parent_id, lft = fresh.lft, rgt = fresh.rgt, depth = fresh.depth
          from ${this.#recordset()} as fresh where node.id = fresh.id`,
        [this.forest.table, JSON.stringify(part)]
      )
    }
    if (nodes.length > 0) await this.#bringBack()
  }

  /**
   * Lets the children of nodes that go away move up to the next ancestor that stays, where they are.
   *
   * @param ids of nodes of this tree.
   */
  async lift(ids: string[]) {
    const { sql, bindings } = this.#mine
    const mine = prefixed(sql, 'node')
    const inside = `node.lft > doomed.lft and node.lft < doomed.rgt and ${mine}`
    // One range of an index for each that goes. SQLite would find those again for each node if they were not kept, and may
    // turn a join round; PostgreSQL takes each range for a ninth of the tree, and reads all of it, unless it plans for one.
    const nodes = this.#isPostgres
      ? `lateral (select id, parent_id from ?? as node where ${inside} offset 0) as node where`
      : `?? as node where ${inside} and`
    await this.#run(
      `with recursive doomed as materialized (
        select id, parent_id, lft, rgt from ?? as node where id in (${ids.map(() => '?').join(', ')}) and ${mine}
      ), top as (
        select id, parent_id from doomed where parent_id is null or parent_id not in (select id from doomed)
        union all select doomed.id, top.parent_id from doomed join top on doomed.parent_id = top.id
      ), below as materialized (
        select node.id, node.parent_id, count(*) as levels
        from doomed cross join ${nodes} node.id not in (select id from doomed)
        group by node.id, node.parent_id
      )
      update ?? as node set
        depth = node.depth - below.levels,
        parent_id = case when top.id is null then node.parent_id else top.parent_id end
      from below left join top on top.id = below.parent_id where node.id = below.id`,
      [this.forest.table, ...ids, ...bindings, this.forest.table, ...bindings, this.forest.table]
    )
  }

  async #lock() {
    if (!this.#isPostgres) return
    const { table, scope } = this.forest
    const name = scope ? `${table}:${this.scope}` : table
    await this.client.rawQuery('select pg_advisory_xact_lock(hashtextextended(?, 0))', [name])
  }

  async #neighbour(side: 'after' | 'before', label: number, moving?: Move): Promise<number> {
    const [edge, sign, limit] = side === 'after' ? ['min', '>', this.end] : ['max', '<', -1]
    const nearest = (bound: string) =>
      `(select ${edge}(${bound}) from ?? where ${bound} ${sign} ${whole(label)} and ${this.#mine.sql}) as ${bound}`
    const { table } = this.forest
    const { bindings } = this.#mine
    const [found] = await rowsOf(this.client, `select ${nearest('lft')}, ${nearest('rgt')}`, [
      table,
      ...bindings,
      table,
      ...bindings,
    ])
    const other = Math[edge as 'min' | 'max'](found.lft ?? limit, found.rgt ?? limit)
    if (!moving || other < moving.lft || other > moving.rgt) return other
    return this.#neighbour(side, side === 'after' ? moving.rgt : moving.lft)
  }

  /** The smallest range around a label that is sparse enough to take more labels. */
  async #roomiest(label: number, count: number, moving?: Move): Promise<Level & { labels: number }> {
    const [{ nodes }] = await this.#rows(`select count(*) as nodes from ?? where ${this.#mine.sql}`)
    const levels = levelsAround(label, this.bits, Number(nodes))
    const values = levels.map(({ low, high, capacity }, index) => `(${[index, low, high, capacity].map(whole).join()})`)
    const taken = (bound: string) =>
      `(select count(*) from ?? where ${bound} between level.low and level.high and not ${within(bound, ...extent(moving))} and ${this.#mine.sql})`
    const { table } = this.forest
    const { bindings } = this.#mine
    const found = await rowsOf(
      this.client,
      `with recursive level (number, low, high, capacity) as (values ${values.join()}), tried as (
        select cast(-1 as bigint) as number, cast(1 as bigint) as labels, cast(0 as bigint) as capacity
        union all
        select cast(level.number as bigint), ${taken('lft')} + ${taken('rgt')} + ${whole(count)}, cast(level.capacity as bigint)
        from tried join level on level.number = tried.number + 1 and tried.labels > tried.capacity
      ) select number, labels, capacity from tried order by number desc limit 1`,
      [table, ...bindings, table, ...bindings]
    )
    const [number, labels, capacity] = [found[0].number, found[0].labels, found[0].capacity].map(Number)
    if (labels > capacity) throw new E_TREE_FULL()
    return { ...levels[number], labels }
  }

  /**
   * Gives the labels of a range, and those of a subtree that comes after the label `after`, new ones: `first` and on. The
   * rows are locked in the order of their ids, as those who write many rows do.
   *
   * @param skipped labels that are left out after `after`.
   */
  async #relabel(low: number, high: number, after: number, { first, step }: Row, skipped: number, moving?: Move) {
    const moved = (column: string) => within(column, ...extent(moving))
    const touched = (bound: string) => `(${within(bound, low, high)} or ${moved(bound)})`
    const number = `row_number() over (order by case when ${moved('label')} then 1 when label <= ${whole(after)} then 0 else 2 end, label)`
    const { sql, bindings } = this.#mine
    await this.#run(
      `with held as (
        select id, lft, rgt from ?? where (${touched('lft')} or ${touched('rgt')}) and ${sql} order by id ${this.#isPostgres ? 'for no key update' : ''}
      ), label as (
        select id, lft as label, 0 as side from held where ${touched('lft')}
        union all select id, rgt as label, 1 as side from held where ${touched('rgt')}
      ), numbered as (
        select id, side, ${whole(first)} + ${whole(step)} * (${number} - 1 + case when label > ${whole(after)} then ${whole(skipped)} else 0 end) as label
        from label
      ), fresh as (
        select id, max(case when side = 0 then label end) as lft, max(case when side = 1 then label end) as rgt
        from numbered group by id
      )
      update ?? as node set lft = coalesce(${this.#stored('fresh.lft')}, node.lft), rgt = coalesce(${this.#stored('fresh.rgt')}, node.rgt)
      ${moving ? `, depth = node.depth + case when ${moved('node.lft')} then ${whole(moving.deeper)} else 0 end, parent_id = case when node.id = ? then ? else node.parent_id end` : ''}
      from fresh where node.id = fresh.id`,
      [this.forest.table, ...bindings, this.forest.table, ...(moving ? [moving.id, moving.parentId] : [])]
    )
    if (!this.#isPostgres) await this.#bringBack()
  }

  /** SQLite looks at a unique index after each row, so there new labels are set aside first. */
  #stored(label: string) {
    return this.#isPostgres ? label : `${label} - ${whole(ASIDE)}`
  }

  async #bringBack() {
    const isAside = (bound: string) => `${bound} < ${whole(-ASIDE / 2)}`
    const back = (bound: string) =>
      `${bound} = case when ${isAside(bound)} then ${bound} + ${whole(ASIDE)} else ${bound} end`
    const { sql, bindings } = this.#mine
    await this.#run(
      `update ?? set ${back('lft')}, ${back('rgt')} where (${isAside('lft')} or ${isAside('rgt')}) and ${sql}`,
      [this.forest.table, ...bindings]
    )
  }

  #recordset() {
    if (this.#isPostgres) return `json_populate_recordset(null::${quoted(this.forest.table)}, ?)`
    const fields = NODE.split(', ').map((name) => `value ->> '${name}' as ${name}`)
    return `(select ${fields.join(', ')} from json_each(?))`
  }

  get #mine(): { sql: string; bindings: Value[] } {
    const { scope } = this.forest
    return scope ? { sql: `${quoted(scope)} = ?`, bindings: [this.scope] } : { sql: '1 = 1', bindings: [] }
  }

  get #isPostgres() {
    return this.client.dialect.name === 'postgres'
  }

  #rows(sql: string, bindings: Value[] = []): Promise<any[]> {
    return rowsOf(this.client, sql, [this.forest.table, ...bindings, ...this.#mine.bindings])
  }

  async #run(sql: string, bindings: Value[]) {
    await this.client.rawQuery(sql, bindings as any[])
  }
}

const NODE = 'id, parent_id, lft, rgt, depth'

async function rowsOf(client: QueryClientContract, sql: string, bindings: Value[]): Promise<any[]> {
  const result = await client.rawQuery(sql, bindings as any[])
  const rows: any[] = result.rows ?? result
  for (const row of rows) {
    for (const bound of ['lft', 'rgt']) if (typeof row[bound] === 'string') row[bound] = Number(row[bound])
  }
  return rows
}

function extent(moving?: Move): [number, number] {
  return moving ? [moving.lft, moving.rgt] : [NOWHERE, NOWHERE]
}

function within(column: string, low: number, high: number) {
  return `${column} between ${whole(low)} and ${whole(high)}`
}

/** Labels stand in the text, where both databases take them for 64-bit integers. */
function whole(number: number): string {
  return BigInt(number).toString()
}

function quoted(name: string) {
  return `"${name.replaceAll('"', '""')}"`
}

function prefixed(sql: string, alias: string) {
  return sql.startsWith('"') ? `${alias}.${sql}` : sql
}
