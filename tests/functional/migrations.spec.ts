import { readdir } from 'node:fs/promises'
import app from '@adonisjs/core/services/app'
import { MigrationRunner } from '@adonisjs/lucid/migration'
import db from '@adonisjs/lucid/services/db'
import testUtils from '@adonisjs/core/services/test_utils'
import { test } from '@japa/runner'
import { crowd } from '#tests/functional/accounts/crowd'
import { cleanUp, newcomer, publish } from '#tests/helpers'

test.group('Migrations', (group) => {
  // Lucid lets go of its lock on the connection that comes first, which is another one when somebody else asks meanwhile.
  group.setup(async () => {
    const changeLog = await app.container.make('changeLog')
    await changeLog.stop()
    return () => changeLog.start()
  })

  test('go down to nothing, and up again', async ({ client, assert }) => {
    await cleanUp()
    const tables = async () =>
      (await db.connection().getAllTables(['public'])).filter((name) => !name.startsWith('adonis_')).toSorted()
    const before = await tables()
    const reset = await testUtils.db().migrate()
    try {
      await reset()
      assert.deepEqual(await tables(), [])
    } finally {
      await testUtils.db().migrate()
    }
    assert.deepEqual(await tables(), before)
    await newcomer(client)
  })

  test('go down to before the trash, and up again, and keep the rows that live', async ({ client, assert }) => {
    await cleanUp()
    const ada = await newcomer(client)
    const [kept, gone] = [await publish(client, ada), await publish(client, ada)]
    ;(await client.delete(`/v1/posts/${gone.id}`).headers(ada.headers)).assertStatus(204)
    const files = await readdir('database/migrations')
    const step = files.filter((name) => name >= '0006').length
    try {
      await migrate({ direction: 'down', step })
      assert.deepEqual(
        (await db.from('posts').select('id')).map(({ id }) => id),
        [kept.id]
      )
    } finally {
      await migrate({ direction: 'up' })
    }
    assert.containSubset((await client.get(`/v1/users/${ada.username}`)).body().data.counts, { posts: 1 })
    await (await app.container.make('changeLog')).check()
    await (await app.container.make('counterCache')).check()
    ;(await client.get(`/v1/posts/${kept.id}`)).assertStatus(200)
  })

  test('guard the names that are there, of those that look alike the oldest', async ({ client, assert }) => {
    await cleanUp()
    const { headers } = await newcomer(client, 'асе1')
    ;(await client.delete(`/v1/users/${encodeURIComponent('асе1')}`).headers(headers)).assertStatus(204)
    // More than are read at once.
    for (let time = 0; time < 3; time++) await crowd(400)
    for (const name of ['copa', 'bert', 'cleo']) await newcomer(client, name)
    const files = await readdir('database/migrations')
    const step = files.filter((name) => name >= '0052').length
    try {
      await migrate({ direction: 'down', step })
      for (const [name, username] of [
        ['bert', 'сора'],
        ['cleo', 'Оса'],
      ]) {
        const names = { username, username_key: username.toLowerCase() }
        await db.from('users').where('username_key', name).update(names)
      }
    } finally {
      await migrate({ direction: 'up' })
    }
    const rows = await db.from('users').whereNot('username', 'like', 'crowd%').orderBy('id')
    assert.deepEqual(
      rows.map(({ username, username_skeleton: skeleton }) => [username, skeleton]),
      [
        ['асе1', 'ace1'],
        ['copa', 'copa'],
        ['сора', null],
        ['Оса', 'oca'],
      ]
    )
    assert.lengthOf(await db.from('users').whereColumn('username_skeleton', 'username_key'), 1201)
    await (await app.container.make('changeLog')).check()
  })
})

async function migrate(options: { direction: 'up' } | { direction: 'down'; step: number }) {
  const runner = new MigrationRunner(db, app, options)
  await runner.run()
  if (runner.error) throw runner.error
}
