import { purgingSuite } from '#tests/suites/soft_delete/purging'
import { concurrencySuite } from '#tests/suites/soft_delete/concurrency'
import db from '@adonisjs/lucid/services/db'
import { postgresConnection } from '#providers/portable/index'
import type { Place } from '#tests/suites/soft_delete/tables'
import { randomSuite } from '#tests/suites/soft_delete/random'
import { readingSuite } from '#tests/suites/soft_delete/reading'
import { writingSuite } from '#tests/suites/soft_delete/writing'

const schema = 'soft_delete_suite'

const server = {
  host: process.env.PG_HOST,
  port: Number(process.env.PG_PORT ?? 5432),
  user: process.env.PG_USER,
  password: process.env.PG_PASSWORD,
  database: process.env.PG_DB_NAME,
}

const postgres: Place = {
  name: 'PostgreSQL',
  child: () => ({ ...server, searchPath: [schema] }),
  async connect() {
    await db.rawQuery(`create schema ${schema}`)
    for (const name of ['trash', 'other']) db.manager.add(name, { ...postgresConnection(server), searchPath: [schema] })
    return async () => {
      for (const name of ['trash', 'other']) await db.manager.release(name)
      await db.rawQuery(`drop schema ${schema} cascade`)
    }
  },
}

for (const suite of [readingSuite, writingSuite, concurrencySuite, purgingSuite, randomSuite]) suite(postgres)
