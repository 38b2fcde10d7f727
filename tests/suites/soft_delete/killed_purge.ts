/*
 * A process that purges tags in batches of two and prints a line for each, until it is killed in the fourth. Its connection
 * comes as JSON in the first argument.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Emitter } from '@adonisjs/core/events'
import { setApp } from '@adonisjs/core/services/app'
import { Logger } from '@adonisjs/core/logger'
import { Database } from '@adonisjs/lucid/database'
import { Adapter, BaseModel } from '@adonisjs/lucid/orm'
import { postgresConnection, sqliteConnection } from '#providers/portable/connections'

const { filename, searchPath, ...server } = JSON.parse(process.argv[2])
const connection = filename ? sqliteConnection({ filename }) : { ...postgresConnection(server), searchPath }
const db = new Database(
  { connection: 'trash', connections: { trash: connection } },
  new Logger({ enabled: false }),
  new Emitter(null as any) as any
)
BaseModel.$adapter = new Adapter(db)

// Modules that ask for the application's database get none.
setApp({ booted: async () => undefined } as any)
const { purge } = await import('#providers/soft_delete/index')
const { Tag } = await import('./models.js')
let begun = 0
Tag.softDeletes.beforePurge = () => sleep(++begun < 4 ? 20 : 600_000)
for await (const { rows } of purge({ model: Tag, olderThan: 0, batch: 2 })) process.stdout.write(`${rows}\n`)
