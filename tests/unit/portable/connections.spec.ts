import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import Database from 'better-sqlite3'
import { sqliteConnection } from '#providers/portable/index'

test.group('sqliteConnection', (group) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'calotype-sqlite-'))
  const filename = path.join(folder, 'in/a/folder/test.sqlite')

  group.setup(() => {
    db.manager.add('portable', sqliteConnection({ filename }))
    return async () => {
      await db.manager.release('portable')
      rmSync(folder, { recursive: true })
    }
  })

  test('sets what makes SQLite behave under load', async ({ assert }) => {
    const pragma = async (name: string) =>
      Object.values((await db.connection('portable').rawQuery(`pragma ${name}`))[0])[0]
    assert.equal(await pragma('journal_mode'), 'wal')
    assert.equal(await pragma('synchronous'), 1)
    assert.equal(await pragma('foreign_keys'), 1)
    assert.equal(await pragma('busy_timeout'), 5000)
  })

  test('takes the write lock at the beginning of a transaction', async ({ assert }) => {
    const client = db.connection('portable')
    await client.rawQuery('create table if not exists notes (text text)')
    const other = new Database(filename, { timeout: 0 })

    const transaction = await client.transaction()
    assert.throws(() => other.exec("insert into notes values ('other')"), 'database is locked')
    await transaction.insertQuery().table('notes').insert({ text: 'own' })
    await transaction.commit()

    other.exec("insert into notes values ('other')")
    other.close()
    assert.lengthOf(await client.from('notes'), 2)
  })
})
