import { randomUUID } from 'node:crypto'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { Locks } from '#providers/idempotency/locks'
import { freePort } from '#tests/free_port'
import { Account } from '#tests/server/account'
import { Installation } from '#tests/server/installation'
import { createPostgresDatabase } from '#tests/server/postgres_database'
import { ServerProcess } from '#tests/server/server_process'
import { creations, Creation, essence, newName } from '#tests/suites/idempotency/creations'
import { idempotencyKills } from '#tests/suites/idempotency/kills'

async function deploy() {
  const { settings, drop } = await createPostgresDatabase()
  const installation = await Installation.create(settings)
  const dispose = async () => {
    await installation[Symbol.asyncDispose]()
    await drop()
  }
  return { installation, [Symbol.asyncDispose]: dispose }
}

idempotencyKills('PostgreSQL', deploy)

test.group('Keys at two servers of one database', () => {
  test('25 at once at each: one effect and one answer', async ({ assert, cleanup }) => {
    const place = await deploy()
    cleanup(() => place[Symbol.asyncDispose]())
    const { installation } = place
    const one = await installation.start()
    const port = String(await freePort())
    const other = new ServerProcess({ ...installation.env, PORT: port })
    cleanup(() => other.kill('SIGKILL'))
    await other.answers()

    const account = await Account.signUp(one.url, newName())
    for (const [route, { table, prepare }] of Object.entries(creations)) {
      const here = await prepare(account)
      const there = new Creation(here.sender.at(other.url), here.path, here.body, here.otherBody)
      const before = (await installation.rows(table)).length
      const key = randomUUID()
      const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => (n % 2 ? here : there).send(key)))
      assert.equal((await installation.rows(table)).length, before + 1, route)
      const first = await here.sendUntilAnswered(key)
      assert.equal(first.status, 201, first.body.toString())
      for (const answer of answers) {
        if (answer.json.code === 'E_IDEMPOTENCY_RUNNING') continue
        assert.deepEqual(essence(answer), essence(first))
      }
      assert.deepEqual(essence(await there.send(key)), essence(first))
    }
  })
})

test.group('The locks of keys', (group) => {
  let here: Locks
  let there: Locks

  group.each.setup(() => {
    db.manager.add('elsewhere', db.manager.get(db.primaryConnectionName)!.config)
    here = new Locks(() => db.connection())
    there = new Locks(() => db.connection('elsewhere'))
    return () => db.manager.release('elsewhere')
  })

  test('are taken by one process at a time, each key for itself', async ({ assert }) => {
    assert.isTrue(await here.take('a'))
    assert.isFalse(await here.take('a'))
    assert.isFalse(await there.take('a'))
    assert.isTrue(await there.take('b'))
    assert.isFalse(await here.take('b'))
    await here.release('a')
    assert.isTrue(await there.take('a'))
    for (const key of ['a', 'b']) await there.release(key)
    assert.isTrue(await here.take('b'))
    await here.release('b')
  })

  test('take one connection, and give it back', async ({ assert }) => {
    const { pool } = db.connection('elsewhere').getWriteClient().client
    const keys = Array.from({ length: 50 }, () => randomUUID())
    assert.notInclude(await Promise.all(keys.map((key) => there.take(key))), false)
    assert.equal(pool.numUsed(), 1)
    await Promise.all(keys.map((key) => there.release(key)))
    assert.equal(pool.numUsed(), 0)
  })

  test('are gone with their session, and come again with another', async ({ assert }) => {
    assert.isTrue(await there.take('a'))
    // Those of this database alone: others have locks of their own in theirs.
    await db.rawQuery(
      `select pg_terminate_backend(pid, 5000) from pg_locks join pg_database on pg_database.oid = pg_locks.database
       where locktype = 'advisory' and objsubid = 1 and datname = current_database()`
    )
    assert.isTrue(await here.take('a'))
    await here.release('a')
    await there.release('a')
    assert.isTrue(await there.take('a'))
    await there.release('a')
  })
})
