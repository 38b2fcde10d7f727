import { test } from '@japa/runner'
import { E_COMMIT_FAILED, transactionId } from '#providers/commit_guard/index'
import { eventually } from '#tests/helpers'
import { nextId, Note, type Place, Stage } from './stage.js'

export function commitsSuite(place: Place) {
  test.group(`The change log and COMMIT: ${place.name}`, (group) => {
    const stage = new Stage(group, place)

    test('a serialization failure at COMMIT is thrown, and announces nothing', async ({ assert }) => {
      const ids = [nextId(), nextId()]
      const write = async (id: string) => {
        const transaction = await stage.client.transaction({ isolationLevel: 'serializable' })
        const total = await Note.query({ client: transaction }).count('* as total')
        await Note.create({ id, title: String(total[0].$extras.total) }, { client: transaction })
        return transaction
      }
      const [first, second] = [await write(ids[0]), await write(ids[1])]
      await first.commit()
      await assert.rejects(() => second.commit(), /serialize/)
      const next = await Note.create({ id: nextId(), title: 'next' })
      await stage.drained()
      assert.deepEqual(
        ids.map((id) => stage.heard(id).length),
        [1, 0]
      )
      assert.lengthOf(stage.heard(next.id), 1)
    }).skip(place.name !== 'PostgreSQL', 'SQLite has one writer at a time')

    test('a failed COMMIT is thrown, announces nothing, and leaves a usable connection', async ({ assert }) => {
      const id = nextId()
      for (let n = 0; n < 3; n++) {
        await assert.rejects(() =>
          stage.client.transaction(async (transaction) => {
            await Note.create({ id, ownerId: -1 }, { client: transaction })
          })
        )
        const open = await stage.client.transaction()
        let after = 0
        open.after('commit', () => void after++)
        await Note.create({ id, ownerId: -1 }, { client: open })
        await assert.rejects(() => open.commit())
        assert.equal(after, 0)
      }
      const other = nextId()
      await Note.create({ id: other, title: 'after' })
      assert.lengthOf(await stage.foreign.from('notes').where('id', other), 1)
      await stage.drained()
      assert.lengthOf(stage.heard(id), 0)
      assert.lengthOf(stage.heard(other), 1)
    })

    test('a statement error that was caught fails the COMMIT', async ({ assert }) => {
      const write = (id: string) =>
        stage.client.transaction(async (transaction) => {
          await Note.create({ id, title: 'a' }, { client: transaction })
          await transaction.rawQuery('select * from there_is_no_such_table').catch(() => undefined)
        })
      const id = nextId()
      if (stage.isPostgres) {
        const error: any = await write(id).catch((thrown) => thrown)
        assert.instanceOf(error, E_COMMIT_FAILED)
      } else {
        await write(id)
      }
      assert.lengthOf(await stage.foreign.from('notes').where('id', id), stage.isPostgres ? 0 : 1)
    })

    test('a killed backend fails the COMMIT, and the relay goes on', async ({ assert }) => {
      const id = nextId()
      const transaction = await stage.client.transaction()
      await Note.create({ id, title: 'a' }, { client: transaction })
      const [{ pid }] = (await transaction.rawQuery('select pg_backend_pid() as pid')).rows
      await stage.raw(`select pg_terminate_backend(${pid})`, stage.foreign)
      await assert.rejects(() => transaction.commit())
      await stage.raw(
        `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()
         and database = (select oid from pg_database where datname = current_database())`,
        stage.foreign
      )
      const next = nextId()
      await Note.create({ id: next, title: 'b' })
      await eventually(() => stage.heard(next).length > 0, 'delivered after the leader lost its connection')
      assert.lengthOf(stage.heard(id), 0)
    }).skip(place.name !== 'PostgreSQL', 'SQLite has no backends')

    test('a foreign writer is found by the sweep', async ({ assert }) => {
      const id = nextId()
      const { foreign } = stage
      if (stage.isPostgres) {
        const [{ schema }] = await stage.raw('select current_schema() as schema')
        await foreign.transaction(async (transaction) => {
          await transaction.rawQuery(`set local search_path = ''`)
          await transaction.rawQuery(
            `insert into ${schema}.notes (id, title, big, seen_at) values ('${id}', 'x', 1, now())`
          )
        })
      } else {
        await stage.raw(`insert into notes (id, title) values ('${id}', 'x')`, foreign)
      }
      await eventually(() => stage.heard(id).length === 1, 'swept')
      assert.equal(stage.heard(id)[0].after.title, 'x')
    })

    test('neither skips a transaction that commits late nor waits for one that is open', async ({ assert }) => {
      const [late, early] = [nextId(), nextId()]
      const open = await stage.client.transaction()
      await Note.create({ id: late, title: 'late' }, { client: open })
      await Note.create({ id: early, title: 'early' })
      assert.isTrue(await stage.delivered())
      assert.isNotEmpty(stage.heard(early))
      await open.commit()
      assert.isTrue(await stage.delivered({ transaction: open }))
      assert.isNotEmpty(stage.heard(late))
      assert.isBelow(stage.heard(late)[0].revision, stage.heard(early)[0].revision)
      assert.isNotNull(transactionId(open))
    }).skip(place.name !== 'PostgreSQL', 'SQLite has one writer at a time')
  })
}
