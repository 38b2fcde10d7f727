import db from '@adonisjs/lucid/services/db'
import { softDeletes, uniqueAmongLiving } from '#providers/soft_delete/index'

/** A database of its own for the suites. */
export interface Place {
  name: string
  /** Registers the connections "trash" and "other", which are two pools, or two processes' for SQLite. */
  connect(): Promise<() => Promise<void>>
  /** What a child process is told. */
  child(): unknown
}

const TABLES = ['sd_post_tags', 'sd_comments', 'sd_posts', 'sd_profiles', 'sd_tags', 'sd_users', 'sd_clubs']

export async function createTables() {
  const create = (name: string, columns: (table: any) => void) =>
    db.connection('trash').schema.createTable(name, columns)
  const make = (name: string, columns: (table: any) => void, trash = true) =>
    create(name, (table) => {
      table.uuid('id').primary()
      table.string('name')
      columns(table)
      if (trash) softDeletes(table)
    })
  const refer = (table: any, name: string, to: string) => table.uuid(name).references(`${to}.id`)

  await make('sd_clubs', () => undefined, false)
  await make('sd_users', (table) => {
    table.string('handle')
    refer(table, 'club_id', 'sd_clubs')
  })
  await make('sd_profiles', (table) => refer(table, 'user_id', 'sd_users').notNullable())
  await make('sd_posts', (table) => {
    table.integer('score')
    refer(table, 'user_id', 'sd_users').notNullable()
  })
  await make('sd_comments', (table) => {
    refer(table, 'user_id', 'sd_users').notNullable()
    refer(table, 'post_id', 'sd_posts').notNullable()
    refer(table, 'parent_id', 'sd_comments')
  })
  await make('sd_tags', () => undefined)
  await create('sd_post_tags', (table) => {
    table.uuid('post_id').references('sd_posts.id').onDelete('CASCADE')
    table.uuid('tag_id').references('sd_tags.id').onDelete('CASCADE')
  })
  const index: string[] = []
  uniqueAmongLiving(
    { raw: (sql, bindings) => index.push(db.connection('trash').knexRawQuery(sql, bindings).toQuery()) },
    'sd_users',
    ['handle']
  )
  for (const sql of index) await db.connection('trash').rawQuery(sql)
}

export async function empty() {
  for (const table of TABLES) await db.connection('trash').from(table).delete()
}

export async function dropTables() {
  for (const table of TABLES) await db.connection('trash').schema.dropTable(table)
}

/** An id that reads well in a failed test: the same for the same number. */
export function id(number: number, kind = 0): string {
  return `00000000-0000-7000-8000-${String(kind).padStart(4, '0')}${String(number).padStart(8, '0')}`
}

/** What a table really holds, asked without any model. */
export function rows(table: string): Promise<any[]> {
  return db.connection('trash').from(table).orderBy('id')
}
