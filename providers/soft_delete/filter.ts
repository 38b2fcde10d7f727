/*
 * The one place where trashed rows are hidden: where knex compiles a statement. All ways of reading pass here, sub-queries
 * of sub-queries too, with every condition that anybody added. Lucid's builder marks knex' with itself just before.
 */
import type { LucidModel } from '@adonisjs/lucid/types/model'
import { DateTime } from 'luxon'
import { uuidv7 } from '#providers/portable/index'
import { hasTrash, isSoftDeleting, keyOf } from './graph.js'

/** A deletion: what it takes along carries its id. */
export interface Deletion {
  id: string
  at: string
}

/** What a query was told about the trash. */
export interface TrashState {
  mode?: 'with' | 'only'
  /** `delete()` deletes for good. */
  isForced?: boolean
  /** `delete()` leaves the descendants alone. */
  isAlone?: boolean
  deletion?: Deletion
}

/** The part of Lucid's query builder that is needed here. */
export interface TrashQuery {
  model: LucidModel
  trash?: TrashState
  isChildQuery?: boolean
}

/** knex' builders, compilers and joins, whose inner side it does not type. */
type Internal = any

const QUERY = Symbol('the Lucid query behind a knex builder')
const PATCHED = Symbol('client that hides trashed rows')
const FILTERED = new Set(['select', 'first', 'pluck', 'update'])

/** Marks the knex builder as the query's, and sees to it that its client looks at the mark. */
export function mark(builder: Internal, query: TrashQuery) {
  builder[QUERY] = query
  if (!builder.client[PATCHED]) patch(builder.client)
}

/** The deletion that the query makes, the same however often it is compiled. */
export function deletionOf(query: TrashQuery): Deletion {
  query.trash ??= {}
  return (query.trash.deletion ??= newDeletion())
}

export function newDeletion(): Deletion {
  return { id: uuidv7(), at: DateTime.utc().toISO() }
}

/** Whether the query deletes rows of its model, softly: a pivot's builder deletes those of another table. */
export function isSoftDelete(builder: Internal, query: TrashQuery): boolean {
  if (builder._method !== 'del' || !isSoftDeleting(query.model) || query.trash?.isForced) return false
  return named(builder._single.table)?.table === query.model.table
}

/**
 * The update of the rows that a select finds, in one statement, whatever joins, order and limit it has. The rows are
 * locked in the order of their keys, so that two such updates cannot deadlock; PostgreSQL's FOR UPDATE also waits for who
 * is inserting a row that refers to them.
 *
 * @param rows knex' builder of the select; its columns are replaced.
 */
export function updateOf(rows: Internal, model: LucidModel, values: object): Internal {
  const { alias } = named(rows._single.table)!
  const key = keyOf(model)
  rows.clearSelect().select(`${alias}.${key}`).forUpdate(alias)
  if (!rows._statements.some(({ grouping }: Internal) => grouping === 'order')) rows.orderBy(`${alias}.${key}`)
  const update = rows.client.queryBuilder().table(model.table).update(values)
  // An array is looked up once; a sub-query may be run again for each row.
  return isPostgres(rows.client) ? update.whereRaw('?? = any(array?)', [key, rows]) : update.whereIn(key, rows)
}

/** Each dialect has a class of its own, and the clients of its transactions are made from its prototype. */
function patch(client: Internal) {
  let dialect = client
  while (!Object.hasOwn(dialect, 'queryCompiler')) dialect = Object.getPrototypeOf(dialect)
  const { queryCompiler } = dialect
  dialect.queryCompiler = function (builder: Internal, ...rest: unknown[]) {
    const compiler = queryCompiler.call(this, builder, ...rest)
    if (builder[QUERY]) watch(compiler, builder, builder[QUERY])
    return compiler
  }
  dialect[PATCHED] = true
}

function watch(compiler: Internal, builder: Internal, query: TrashQuery) {
  const condition = conditionOf(compiler, query)
  const isDeletion = isSoftDelete(builder, query)
  if (!condition && !isDeletion && !compiler.grouped.join) return
  const { toSQL, where } = compiler
  compiler.toSQL = function (method: string, timezone: unknown) {
    const verb = method ?? this.method
    if (verb === 'del' && isDeletion) return compileDeletion(this, builder, query)
    if (FILTERED.has(verb) || (verb === 'del' && isOwn(compiler, query))) {
      if (condition) this.where = () => and(where.call(this), condition)
      this.grouped.join &&= this.grouped.join.map((join: Internal) => withoutTrash(join, this.client))
    }
    return toSQL.call(this, method, timezone)
  }
}

function conditionOf(compiler: Internal, query: TrashQuery): string | null {
  const target = named(compiler.single.table)
  if (!target || !hasTrash(target.table)) return null
  const mode = isOwn(compiler, query) ? (isSoftDeleting(query.model) ? query.trash?.mode : 'with') : undefined
  if (mode === 'with') return null
  return `${compiler.formatter.wrap(`${target.alias}.deleted_at`)} is ${mode === 'only' ? 'not null' : 'null'}`
}

function isOwn(compiler: Internal, query: TrashQuery) {
  return named(compiler.single.table)?.table === query.model.table
}

function and(where: string | undefined, condition: string) {
  return where ? `where (${where.slice('where '.length)}) and ${condition}` : `where ${condition}`
}

/** A join to a table with a trash reads a sub-query instead: right for every kind of join, and PostgreSQL pulls it up. */
function withoutTrash(join: Internal, client: Internal) {
  const target = join.joinType === 'raw' ? null : named(join.table)
  if (!target || !hasTrash(target.table)) return join
  const table = join.schema ? `${join.schema}.${target.table}` : target.table
  const living = client.raw('(select * from ?? where ?? is null) as ??', [table, 'deleted_at', target.alias])
  return Object.assign(Object.create(Object.getPrototypeOf(join)), join, { table: living })
}

function compileDeletion(compiler: Internal, builder: Internal, query: TrashQuery) {
  const { id, at } = deletionOf(query)
  const rows = builder.clone()
  rows._method = 'select'
  rows.client = compiler.client
  rows[QUERY] = { model: query.model } // the living, whatever the query shows: who is in the trash stays as it is
  const update = updateOf(rows, query.model, { deleted_at: at, deletion_id: id })
  if (builder._single.returning) update.returning(builder._single.returning)
  return compiler.client.queryCompiler(update, compiler.bindings).toSQL('update')
}

/** "posts", "posts as p" or { p: "posts" }; null for a sub-query or raw SQL. */
function named(table: unknown): { table: string; alias: string } | null {
  if (typeof table === 'string') {
    const [name, alias = name] = table.trim().split(/\s+as\s+/i)
    return { table: name, alias }
  }
  if (table === null || typeof table !== 'object' || Object.getPrototypeOf(table) !== Object.prototype) return null
  const [[alias, name] = []] = Object.entries(table)
  return typeof name === 'string' && alias ? { table: name, alias } : null
}

function isPostgres(client: Internal) {
  return client.dialect === 'postgresql'
}
