/*
 * Plants one tree through the plugin, reads the first page of its threads, and prints what both took at each size, as JSON. The
 * database itself counts what is written.
 */
import { parseArgs } from 'node:util'
import { compose } from '@adonisjs/core/helpers'
import { BaseModel, column } from '@adonisjs/lucid/orm'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { randomOf } from '#tests/random'
import { ignitor } from '../../bin/ignitor.js'
import { median } from './contest.js'
import type { Node } from './thread_pages.js'

/** So many at the end of each size have a transaction each, and are timed; those before share them, which is faster. */
const TIMED = 500
/** A tree of this size grows beside the large one, so that both are timed on the same machine at the same time. */
const SMALL = 750
const BATCH = 500

const app = ignitor().createApp('console')
await app.init()
await app.boot()
const { NestedSet, nestedSet } = await import('#providers/nested_set/index')
const { withUuid } = await import('#providers/portable/index')
const { comment, populate, readFirstPages } = await import('./thread_pages.js')
const db = await app.container.make('lucid.db')
const isPostgres = db.connection().dialect.name === 'postgres'

class Row extends BaseModel {
  @column({ isPrimary: true })
  declare id: string
  @column()
  declare forestId: number
}

class Plant extends compose(Row, withUuid, NestedSet('forestId')) {
  static table = 'plants'
}

const { values } = parseArgs({ options: { shape: { type: 'string' }, sizes: { type: 'string' } } })
const sizes = values.sizes!.split(',').map(Number)
const shape = values.shape!

await createTable()
await populate(db)
const figures: object[] = []
let smallPost: string | undefined
const [small, large] = [forest(1), forest(2)]
while (small.nodes.length < SMALL) await small.insert()
const before = await writes()
let others = 0
for (const size of sizes) {
  let worst = 0
  while (large.nodes.length < size - TIMED) {
    const count = Math.min(BATCH, size - TIMED - large.nodes.length)
    await db.transaction(async (client) => {
      for (let number = 0; number < count; number++) worst = Math.max(worst, await large.insert(client))
    })
  }
  await db.rawQuery('analyze plants')
  const took: { small: number[]; large: number[] } = { small: [], large: [] }
  while (large.nodes.length < size) {
    took.small.push(await small.insert())
    took.large.push(await large.insert())
    others++
  }
  const relabelled = (await writes()) - before - size - others
  const written = await writes()
  const post = await comment(db, await nodesOf(2, (8 + figures.length).toString(16)))
  others += (await writes()) - written
  smallPost ??= post
  const pages = await readFirstPages({ small: smallPost, large: post })
  figures.push({
    rows: round(1 + relabelled / size),
    median: round(median(took.large)),
    small: round(median(took.small)),
    worst: round(Math.max(worst, ...took.large)),
    relabelled,
    page: round(pages.large),
    smallPage: round(pages.small),
  })
}
const problems = await Plant.findProblems(2)
await db.connection().schema.dropTable('plants')
console.log(problems.length > 0 ? JSON.stringify(problems.slice(0, 3)) : JSON.stringify(figures))
await app.terminate()

/** A tree that grows by the shape. */
function forest(forestId: number) {
  const nodes: Plant[] = []
  const { pick } = randomOf(forestId)
  const parents: Record<string, () => Plant | undefined> = {
    flat: () => nodes[0],
    random: () => (nodes.length > 0 ? pick(nodes) : undefined),
    newest: () => nodes.at(-1),
    chains: () => (nodes.length % 64 === 0 ? undefined : nodes.at(-1)),
  }
  const insert = async (client?: TransactionClientContract): Promise<number> => {
    const parent = parents[shape]()
    const node = new Plant().fill({ forestId })
    if (client) node.useTransaction(client)
    const began = performance.now()
    await (parent ? node.appendTo(parent) : node.makeRoot())
    nodes.push(node)
    return performance.now() - began
  }
  return { nodes, insert }
}

/** In order, under ids of their own for each copy, which keep the order. */
async function nodesOf(forestId: number, version: string): Promise<Node[]> {
  const rows = await db.from('plants').where('forest_id', forestId).orderBy('lft')
  const other = (id: string | null) => id && `${id.slice(0, 14)}${version}${id.slice(15)}`
  return rows.map(({ id, parent_id: parent, lft, rgt, depth }) => {
    return { id: other(id)!, parent_id: other(parent), lft: Number(lft), rgt: Number(rgt), depth }
  })
}

async function createTable() {
  const { schema } = db.connection()
  schema.createTable('plants', (table) => {
    table.uuid('id').primary()
    table.integer('forest_id').notNullable()
    table.uuid('parent_id').references('plants.id').index()
  })
  nestedSet(schema, 'plants', { scope: 'forest_id' })
  await schema
}

async function writes(): Promise<number> {
  if (!isPostgres) return Number((await db.rawQuery('select total_changes() as rows'))[0].rows)
  await db.rawQuery('select pg_stat_force_next_flush()')
  const { rows } = await db.rawQuery(
    `select n_tup_ins + n_tup_upd as rows from pg_stat_user_tables where relname = 'plants'`
  )
  return Number(rows[0]?.rows ?? 0)
}

function round(figure: number) {
  return Number(figure.toFixed(figure < 100 ? 2 : 0))
}
