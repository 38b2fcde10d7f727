import db from '@adonisjs/lucid/services/db'
import { nestedSet } from '#providers/nested_set/index'
import { softDeletes } from '#providers/soft_delete/index'
import type { Note } from './models.js'

/** A database of its own for the suites. */
export interface Place {
  name: string
  /** Registers the connections "trees" and "other". */
  connect(): Promise<() => Promise<void>>
}

const TABLES = ['ns_notes', 'ns_shelves']

export async function createTables() {
  const client = db.connection('trees')
  for (const [table, isScoped] of [
    ['ns_notes', true],
    ['ns_shelves', false],
  ] as const) {
    const schema = client.schema
    schema.createTable(table, (columns) => {
      columns.uuid('id').primary()
      columns.string('name')
      columns.uuid('parent_id').references(`${table}.id`).index()
      if (isScoped) columns.integer('board_id').notNullable()
      if (isScoped) softDeletes(columns)
    })
    nestedSet(schema, table, isScoped ? { scope: 'board_id' } : {})
    await schema
  }
}

export async function empty() {
  for (const table of TABLES) await db.connection('trees').from(table).delete()
}

export async function dropTables() {
  for (const table of TABLES) await db.connection('trees').schema.dropTable(table)
}

export interface Stored {
  id: string
  name: string
  parent_id: string | null
  board_id: number
  lft: number
  rgt: number
  depth: number
  deleted_at: unknown
}

/** What the table really holds, in the order of the tree, asked without any model. */
export async function rows(board?: number, connection = 'trees'): Promise<Stored[]> {
  const query = db.connection(connection).from('ns_notes').orderBy('lft')
  const found = await (board === undefined ? query : query.where('board_id', board))
  return found.map((row) => ({ ...row, lft: Number(row.lft), rgt: Number(row.rgt) }))
}

/** A tree as one line: "a(b c(d)) e". What is not well formed throws. */
export async function drawn(board = 1): Promise<string> {
  return draw(await rows(board))
}

/** Draws by the bounds, and holds parents and depths to them. */
export function draw(stored: Stored[]): string {
  let text = ''
  const open: Stored[] = []
  const labels = new Set<number>()
  for (const row of stored) {
    if (!(row.lft < row.rgt)) throw new RangeError(`${row.name}: ${row.lft} is not below ${row.rgt}`)
    labels.add(row.lft).add(row.rgt)
    let closed = 0
    while (open.length > 0 && open.at(-1)!.rgt < row.lft) {
      open.pop()
      closed++
    }
    const around = open.at(-1)
    if (around && around.rgt < row.rgt) throw new RangeError(`${row.name} crosses ${around.name}`)
    if (row.parent_id !== (around?.id ?? null)) throw new RangeError(`${row.name} is not inside its parent`)
    if (row.depth !== open.length) throw new RangeError(`${row.name} has depth ${row.depth}, not ${open.length}`)
    if (text) text += closed === 0 ? '(' : `${')'.repeat(closed - 1)} `
    text += row.name
    open.push(row)
  }
  if (labels.size !== 2 * stored.length) throw new RangeError('two bounds are the same')
  return text + ')'.repeat(Math.max(0, open.length - 1))
}

/** Makes a tree of a line as `drawn` gives it, and the nodes by their names. */
export async function plant(model: any, line: string, board = 1): Promise<Record<string, Note>> {
  const nodes: Record<string, Note> = {}
  const open: Note[] = []
  let last: Note | undefined
  for (const token of line.match(/\w+|[()]/g) ?? []) {
    if (token === '(') open.push(last!)
    else if (token === ')') open.pop()
    else {
      const node = new model().fill({ name: token, boardId: board })
      last = nodes[token] = open.length > 0 ? await node.appendTo(open.at(-1)!) : await node.makeRoot()
    }
  }
  return nodes
}
