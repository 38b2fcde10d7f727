import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { Exception } from '@adonisjs/core/exceptions'
import { BaseModel, column } from '@adonisjs/lucid/orm'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { addCommitHook, type Change, ChangeLog, createChangeTables } from '#providers/change_log/index'
import { sqliteConnection } from '#providers/portable/index'
import { eventually } from '#tests/helpers'

class E_WEBHOOK_REFUSED extends Exception {}

function withWebhook(model: object, url: string) {
  addCommitHook(model, ['created', 'updated', 'deleted', 'restored'], `webhook ${url}`, async (change: Change) => {
    const { table, key, operation, after, revision } = change
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `${table}-${revision}` },
      body: JSON.stringify({ table, key, operation, after, revision }),
      signal: AbortSignal.timeout(5000),
    })
    if (!response.ok) throw new E_WEBHOOK_REFUSED(`${url} answered ${response.status}.`)
  })
}

class Place extends BaseModel {
  static connection = 'webhook'
  static watched = ['name'] as const

  @column({ isPrimary: true })
  declare id: number
  @column()
  declare name: string
}

test('a plugin of 20 lines posts every change, and comes again when it is refused', async ({ assert, cleanup }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'calotype-changes-'))
  db.manager.add('webhook', sqliteConnection({ filename: path.join(folder, 'test.sqlite') }))
  const client = db.connection('webhook')
  const schema = client.schema
  createChangeTables(schema as any)
  schema.createTable('places', (table) => {
    table.increments('id')
    table.string('name')
  })
  await schema

  const received: any[] = []
  let refusals = 1
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request))
    if (refusals-- > 0) return void response.writeHead(503).end()
    received.push(body)
    response.end()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  withWebhook(Place, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)

  const changeLog = new ChangeLog(
    db,
    { connection: 'webhook', models: [async () => ({ default: Place })], backoffMs: 10, sweepMs: 50 },
    { error: () => undefined, info: () => undefined } as any
  )
  await changeLog.install()
  await changeLog.start()
  cleanup(async () => {
    await changeLog.stop()
    server.closeAllConnections()
    server.close()
    await db.manager.release('webhook')
    rmSync(folder, { recursive: true })
  })

  const place = await Place.create({ name: 'Paris' })
  await place.merge({ name: 'Rome' }).save()
  await place.delete()
  await eventually(() => received.length === 3, 'three changes posted')
  assert.deepEqual(
    received.map(({ operation, after }) => [operation, after?.name]),
    [
      ['created', 'Paris'],
      ['updated', 'Rome'],
      ['deleted', undefined],
    ]
  )
})
