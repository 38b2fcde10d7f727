import type { PostgreConfig, SqliteConfig } from '@adonisjs/lucid/types/database'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'

interface RawSqlite {
  pragma(statement: string): unknown
  prepare(sql: string): unknown
}

/**
 * A connection to SQLite that behaves under load: WAL, so that readers do not wait for the writer; a busy timeout; foreign
 * keys; and transactions that take the write lock at their beginning, because one that reads first and writes later gets
 * SQLITE_BUSY_SNAPSHOT, which no timeout helps.
 *
 * @param options.filename the database's file; its folder is made when it is missing.
 */
export function sqliteConnection({ filename }: { filename: string }): SqliteConfig {
  mkdirSync(path.dirname(filename), { recursive: true })
  return {
    client: 'better-sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate(connection: RawSqlite, done: (error: Error | null, connection: unknown) => void) {
        connection.pragma('journal_mode = WAL')
        connection.pragma('synchronous = NORMAL')
        connection.pragma('busy_timeout = 5000')
        connection.pragma('foreign_keys = ON')
        const prepare = connection.prepare.bind(connection)
        connection.prepare = (sql) => prepare(sql === 'BEGIN;' ? 'BEGIN IMMEDIATE;' : sql)
        done(null, connection)
      },
    },
  }
}

/**
 * A connection to PostgreSQL that reads what SQLite would: 64-bit integers and counts as numbers.
 *
 * @param options host, port, user, password and database.
 */
export function postgresConnection(options: {
  host?: string
  port: number
  user?: string
  password?: string
  database?: string
}): PostgreConfig {
  pg.types.setTypeParser(pg.types.builtins.INT8, Number)
  return {
    client: 'pg',
    connection: options,
    pool: { min: 0, max: 20 },
  }
}
