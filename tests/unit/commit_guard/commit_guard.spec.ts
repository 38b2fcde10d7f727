import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import Sqlite from 'better-sqlite3'
import { guardCommits } from '#providers/commit_guard/index'
import { sqliteConnection } from '#providers/portable/index'
import { commitGuardSuite } from '#tests/suites/commit_guard'

commitGuardSuite(async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'calotype-commits-'))
  const filename = path.join(folder, 'test.sqlite')
  for (const name of ['guarded', 'other']) db.manager.add(name, sqliteConnection({ filename }))
  return {
    guarded: db.connection('guarded'),
    other: db.connection('other'),
    async release() {
      for (const name of ['guarded', 'other']) await db.manager.release(name)
      rmSync(folder, { recursive: true })
    },
  }
})

test.group('A commit on a busy SQLite', () => {
  test('is told of to its caller, and the connection is out of the transaction', async ({ assert, cleanup }) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'calotype-commits-'))
    const filename = path.join(folder, 'busy.sqlite')
    // Without the write-ahead log, which we use, a reader keeps a writer from its COMMIT.
    db.manager.add('busy', { client: 'better-sqlite3', connection: { filename }, useNullAsDefault: true })
    const client = db.connection('busy')
    guardCommits(client)
    await client.rawQuery('create table notes (id integer)')
    await client.rawQuery('pragma busy_timeout = 1')
    const reader = new Sqlite(filename)
    cleanup(async () => {
      reader.close()
      await db.manager.release('busy')
      rmSync(folder, { recursive: true })
    })

    const transaction = await client.transaction()
    await transaction.table('notes').insert({ id: 1 })
    reader.exec('begin; select * from notes')
    await assert.rejects(() => transaction.commit(), 'COMMIT; - database is locked')
    reader.exec('rollback')
    await client.table('notes').insert({ id: 2 })
    assert.deepEqual(reader.prepare('select id from notes').all(), [{ id: 2 }])
  })
})
