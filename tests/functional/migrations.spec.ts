import db from '@adonisjs/lucid/services/db'
import testUtils from '@adonisjs/core/services/test_utils'
import { test } from '@japa/runner'
import { cleanUp, newcomer } from '#tests/helpers'

test.group('Migrations', () => {
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
})
