import env from '#start/env'
import app from '@adonisjs/core/services/app'
import { defineConfig } from '@adonisjs/lucid'
import { postgresConnection, sqliteConnection } from '#providers/portable/index'

const migrations = { naturalSort: true, paths: ['database/migrations'], disableRollbacksInProduction: true }

const dbConfig = defineConfig({
  connection: env.get('DB_CONNECTION'),
  connections: {
    sqlite: {
      ...sqliteConnection({ filename: env.get('SQLITE_PATH') }),
      migrations,
      schemaGeneration: {
        enabled: !app.inProduction && !app.inTest,
        rulesPaths: ['./database/schema_rules.js'],
        excludeTables: ['changes', 'change_failures', 'idempotency_keys'],
      },
    },
    postgres: {
      ...postgresConnection({
        host: env.get('PG_HOST'),
        port: env.get('PG_PORT'),
        user: env.get('PG_USER'),
        password: env.get('PG_PASSWORD'),
        database: env.get('PG_DB_NAME'),
      }),
      migrations,
      schemaGeneration: { enabled: false },
    },
  },
})

export default dbConfig
