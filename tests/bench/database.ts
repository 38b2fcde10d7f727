import { createRequire } from 'node:module'
import path from 'node:path'
import pg from 'pg'

export type Rows = Record<string, string | number | null>[]

/** A database for one run, which nobody else knows. */
export interface Database extends AsyncDisposable {
  /** What tells a server where it is. */
  settings: Record<string, string>
  /** Adds many rows of the same columns, fast. */
  insert(table: string, rows: Rows): Promise<void>
  /** Copies tables with their rows, indexes and foreign keys, and without triggers, under names with a prefix. */
  copy(tables: string[], prefix: string): Promise<void>
  /** Changes what no benchmark has a method for. */
  execute(sql: string): Promise<void>
  /** How many statements it ran and how many rows it read so far, where it counts them. */
  counters(): Promise<{ statements: number; rows: number } | null>
  /** Brings the planner's statistics up to date. */
  analyze(): Promise<void>
}

/** A new one on PostgreSQL where PG_HOST is set, else on SQLite, in the folder. */
export async function createDatabase(folder: string): Promise<Database> {
  return process.env.PG_HOST ? PostgresDatabase.create() : new SqliteDatabase(path.join(folder, 'bench.sqlite'))
}

class PostgresDatabase implements Database {
  static async create() {
    const name = `calotype_bench_${Date.now()}_${process.pid}`
    await administer(`create database ${name}`)
    return new PostgresDatabase(name)
  }

  readonly settings: Record<string, string>
  #pool: pg.Pool

  private constructor(private name: string) {
    this.settings = { DB_CONNECTION: 'postgres', PG_DB_NAME: name }
    this.#pool = new pg.Pool({ ...server(), database: name, max: 1 })
  }

  async insert(table: string, rows: Rows) {
    const columns = Object.keys(rows[0]).join(', ')
    const from = `json_populate_recordset(null::${table}, $1)`
    await this.#pool.query(`insert into ${table} (${columns}) select ${columns} from ${from}`, [JSON.stringify(rows)])
  }

  async copy(tables: string[], prefix: string) {
    for (const table of tables) {
      const { rows } = await this.#pool.query(
        `select pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = $1::regclass and contype = 'f'`,
        [table]
      )
      await this.#pool.query(`create table ${prefix}${table} (like ${table} including all)`)
      await this.#pool.query(`insert into ${prefix}${table} select * from ${table}`)
      for (const { definition } of rows) {
        await this.#pool.query(`alter table ${prefix}${table} add ${renamed(definition, tables, prefix)}`)
      }
    }
  }

  async execute(sql: string) {
    await this.#pool.query(sql)
  }

  /** A statement outside a transaction is one that commits. What idle connections counted is told after ten seconds. */
  async counters() {
    await new Promise((resolve) => setTimeout(resolve, 11_000))
    const { rows } = await this.#pool.query(
      `select d.xact_commit::int as statements, (select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_user_tables)::int
         + (select sum(idx_tup_read) from pg_stat_user_indexes)::int as rows
       from pg_stat_database d where d.datname = current_database()`
    )
    return rows[0]
  }

  async analyze() {
    await this.#pool.query('vacuum analyze')
  }

  async [Symbol.asyncDispose]() {
    await this.#pool.end()
    await administer(`drop database ${this.name} with (force)`)
  }
}

class SqliteDatabase implements Database {
  readonly settings: Record<string, string>
  #connection?: any

  constructor(private file: string) {
    this.settings = { DB_CONNECTION: 'sqlite', SQLITE_PATH: file }
  }

  async insert(table: string, rows: Rows) {
    const columns = Object.keys(rows[0])
    const values = columns.map((column) => `@${column}`).join(', ')
    const statement = this.#open().prepare(`insert into ${table} (${columns.join(', ')}) values (${values})`)
    this.#open().transaction(() => rows.forEach((row) => statement.run(row)))()
  }

  async copy(tables: string[], prefix: string) {
    for (const table of tables) {
      const kinds = `type in ('table', 'index') and sql is not null order by type desc`
      const parts = this.#open().prepare(`select sql from sqlite_master where tbl_name = ? and ${kinds}`).all(table)
      for (const { sql } of parts) this.#open().exec(renamed(sql, tables, prefix))
      this.#open().exec(`insert into ${prefix}${table} select * from ${table}`)
    }
  }

  async execute(sql: string) {
    this.#open().exec(sql)
  }

  async counters() {
    return null
  }

  async analyze() {
    this.#open().exec('analyze')
  }

  async [Symbol.asyncDispose]() {
    this.#connection?.close()
  }

  /** Opened late: the migrations make it, in WAL. */
  #open() {
    return (this.#connection ??= openSqlite(this.file))
  }
}

/** The package has no types. */
export function openSqlite(file: string) {
  const Sqlite = createRequire(import.meta.url)('better-sqlite3')
  return new Sqlite(file)
}

/** SQL with the tables, and the indexes named after them, under other names. */
function renamed(sql: string, tables: string[], prefix: string) {
  return sql.replace(new RegExp(`\\b(${tables.join('|')})(?=\\b|_)`, 'g'), `${prefix}$1`)
}

/** The server that the environment names. */
function server() {
  const { PG_HOST: host, PG_PORT: port = '5432', PG_USER: user, PG_PASSWORD: password } = process.env
  return { host, port: Number(port), user, password, connectionTimeoutMillis: 5000 }
}

async function administer(statement: string) {
  const client = new pg.Client({ ...server(), database: 'postgres' })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
