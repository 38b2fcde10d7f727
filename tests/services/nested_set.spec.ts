import db from '@adonisjs/lucid/services/db'
import { postgresConnection } from '#providers/portable/index'
import { concurrencySuite } from '#tests/suites/nested_set/concurrency'
import { mendingSuite } from '#tests/suites/nested_set/mending'
import { movingSuite } from '#tests/suites/nested_set/moving'
import { randomSuite } from '#tests/suites/nested_set/random'
import type { Place } from '#tests/suites/nested_set/tables'

const schema = 'nested_set_suite'

const server = {
  host: process.env.PG_HOST,
  port: Number(process.env.PG_PORT ?? 5432),
  user: process.env.PG_USER,
  password: process.env.PG_PASSWORD,
  database: process.env.PG_DB_NAME,
}

const postgres: Place = {
  name: 'PostgreSQL',
  async connect() {
    await db.rawQuery(`create schema ${schema}`)
    for (const name of ['trees', 'other']) {
      db.manager.add(name, { ...postgresConnection(server), searchPath: [schema] })
    }
    return async () => {
      for (const name of ['trees', 'other']) await db.manager.release(name)
      await db.rawQuery(`drop schema ${schema} cascade`)
    }
  },
}

for (const suite of [movingSuite, mendingSuite, concurrencySuite, randomSuite]) suite(postgres)
