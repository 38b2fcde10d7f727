import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** The server for the tests, as an installation is told of it. */
const { PG_HOST = '', PG_PORT = '5432', PG_USER = '', PG_PASSWORD = '' } = process.env

/** A database of its own for an installation: its settings, and its end. */
export async function createPostgresDatabase() {
  const name = `calotype_test_${randomUUID().replaceAll('-', '')}`
  await administer(`create database ${name}`)
  return {
    settings: { DB_CONNECTION: 'postgres', PG_HOST, PG_PORT, PG_USER, PG_PASSWORD, PG_DB_NAME: name },
    drop: () => administer(`drop database ${name} with (force)`),
  }
}

async function administer(statement: string) {
  const [host, user, password] = [PG_HOST, PG_USER, PG_PASSWORD]
  const connection = new pg.Client({ host, port: Number(PG_PORT), user, password, database: 'postgres' })
  await connection.connect()
  await connection.query(statement)
  await connection.end()
}
