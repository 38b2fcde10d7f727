import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import pg from 'pg'
import { eventually } from '#tests/helpers'

let counted = 0
let isCounting = false

/** How many statements the database runs meanwhile, whoever sends them but the relay, which stops: counted at the driver. */
export async function countStatements(work: () => PromiseLike<unknown>): Promise<number> {
  if (!isCounting) await startCounting()
  const changeLog = await app.container.make('changeLog')
  const isRelaying = changeLog.leads
  if (isRelaying) await changeLog.stop()
  try {
    const before = counted
    await work()
    return counted - before
  } finally {
    if (isRelaying) {
      await changeLog.start()
      await eventually(() => changeLog.leads, 'relays again')
    }
  }
}

async function startCounting() {
  isCounting = true
  count(pg.Client.prototype, ['query'])

  const { client } = db.connection().getWriteClient()
  if (db.connection().dialect.name !== 'better-sqlite3') return
  const connection = await client.acquireConnection()
  count(Object.getPrototypeOf(connection.prepare('select 1')), ['all', 'run'])
  await client.releaseConnection(connection)
}

function count(prototype: any, methods: string[]) {
  for (const method of methods) {
    const original = prototype[method]
    prototype[method] = function (...parameters: unknown[]) {
      counted++
      return original.apply(this, parameters)
    }
  }
}
