/*
 * A process that relays a change log and prints a line for each delivery, "lead" when it leads. Told on its standard input
 * to die at one of three points, it kills itself there, as `kill -9` would. Its connection comes as JSON in the first
 * argument.
 */
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Emitter } from '@adonisjs/core/events'
import { Logger } from '@adonisjs/core/logger'
import { Database } from '@adonisjs/lucid/database'
import { ChangeLog } from '#providers/change_log/index'
import { PostgresStore } from '#providers/change_log/stores/postgres'
import { SqliteStore } from '#providers/change_log/stores/sqlite'
import { guardCommits, onCommitted } from '#providers/commit_guard/index'
import { postgresConnection, sqliteConnection } from '#providers/portable/connections'

const { filename, searchPath, ...server } = JSON.parse(process.argv[2])
const connection = filename ? sqliteConnection({ filename }) : { ...postgresConnection(server), searchPath }
const logger = new Logger({ enabled: false })
const emitter = new Emitter(null as any) as any
const db = new Database({ connection: 'main', connections: { main: connection } }, logger, emitter)
const client = db.connection()

let point: string | undefined
const reach = (where: string) => {
  if (point === where) process.kill(process.pid, 'SIGKILL')
}

// After the COMMIT, and before the log's own listener wakes the relay.
guardCommits(client)
onCommitted(() => reach('commit'))
for (const { prototype } of [PostgresStore, SqliteStore]) {
  const { acknowledge } = prototype
  prototype.acknowledge = function (...values: Parameters<typeof acknowledge>) {
    reach('acknowledgement')
    return acknowledge.apply(this, values)
  }
}

const options = { sweepMs: 200, batch: 5, backoffMs: 20, attempts: 4 }
const tables = [{ table: 'notes', key: ['id'], columns: ['title'] }]
const changeLog = new ChangeLog(db, { models: [], tables, ...options }, logger)
const operations = ['created', 'updated', 'deleted'] as const
changeLog.subscribe({
  name: 'broken',
  table: 'notes',
  operations,
  handle: ({ key }) => {
    if (key === 'broken') throw new RangeError('on purpose')
  },
})
for (const name of ['first', 'second']) {
  changeLog.subscribe({
    name,
    table: 'notes',
    operations,
    handle: async ({ key, revision }) => {
      process.stdout.write(`${name} ${key} ${revision}\n`)
      if (name === 'first') reach('delivery')
      await sleep(1)
    },
  })
}
await changeLog.start()
process.stdout.write('ready\n')

createInterface({ input: process.stdin }).on('line', async (line) => {
  point = line
  if (line !== 'commit') return
  await client.transaction(async (transaction) => {
    await transaction
      .from('notes')
      .where('id', 'mine')
      .update({ title: String(process.pid) })
  })
})
while (!changeLog.leads) await sleep(20)
process.stdout.write('lead\n')
await sleep(3_600_000)
