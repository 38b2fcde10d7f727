import db from '@adonisjs/lucid/services/db'
import { postgresConnection } from '#providers/portable/index'
import { changeLogSuite } from '#tests/suites/change_log/index'

const schema = 'change_log_suite'
const server = {
  host: process.env.PG_HOST,
  port: Number(process.env.PG_PORT ?? 5432),
  user: process.env.PG_USER,
  password: process.env.PG_PASSWORD,
  database: process.env.PG_DB_NAME,
}

changeLogSuite({
  name: 'PostgreSQL',
  async connect() {
    await db.rawQuery(`create schema ${schema}`)
    for (const name of ['watched', 'foreign'])
      db.manager.add(name, { ...postgresConnection(server), searchPath: [schema] })
    return async () => {
      for (const name of ['watched', 'foreign']) await db.manager.release(name)
      await db.rawQuery(`drop schema ${schema} cascade`)
    }
  },
  child: () => ({ ...server, searchPath: [schema] }),
})
