import db from '@adonisjs/lucid/services/db'
import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'
import { test } from '@japa/runner'
import {
  beforeCommit,
  E_COMMIT_FAILED,
  guardCommits,
  onCommitted,
  transactionId,
  type Committed,
} from '#providers/commit_guard/index'

/** Two pools for one database: the one that is looked at, and one that sees what others see. */
export interface Connections {
  guarded: QueryClientContract
  other: QueryClientContract
  release(): Promise<void>
}

type Fail = (transaction: TransactionClientContract, connections: Connections) => Promise<unknown>

const UNKNOWN = 4711

/** Ways for a COMMIT to fail, with the error that its caller is to see. */
const failures: Record<
  string,
  { fail: Fail; error: RegExp | typeof E_COMMIT_FAILED; on?: 'postgres'; options?: object }
> = {
  'a deferred constraint': {
    fail: (transaction) => transaction.table('guarded_children').insert({ id: 1, parent_id: UNKNOWN }),
    error: /foreign key/i,
  },
  'a statement error that was caught': {
    fail: async (transaction) => {
      await transaction.table('guarded_parents').insert({ id: 1 })
      await transaction.rawQuery('select * from there_is_no_such_table').catch(() => 'caught')
    },
    error: E_COMMIT_FAILED,
    on: 'postgres',
  },
  'a serialization failure': {
    fail: async (transaction, { other }) => {
      await transaction.from('guarded_parents').count('*')
      await transaction.table('guarded_parents').insert({ id: 1 })
      await other.transaction(
        async (rival) => {
          await rival.from('guarded_parents').count('*')
          await rival.table('guarded_parents').insert({ id: 2 })
        },
        { isolationLevel: 'serializable' }
      )
    },
    error: /could not serialize/,
    on: 'postgres',
    options: { isolationLevel: 'serializable' },
  },
  'a backend that is killed': {
    fail: async (transaction, { other }) => {
      await transaction.table('guarded_parents').insert({ id: 1 })
      const [{ pid }] = (await transaction.rawQuery('select pg_backend_pid() as pid')).rows
      await other.rawQuery(`select pg_terminate_backend(${pid}, 5000)`)
    },
    error: /connection/i,
    on: 'postgres',
  },
}

/** What a guarded COMMIT promises, on a database that is made for the suite. */
export function commitGuardSuite(connect: () => Promise<Connections>) {
  test.group(`Commits on ${db.primaryConnectionName}`, (group) => {
    let connections: Connections
    const isPostgres = db.primaryConnectionName === 'postgres'

    group.setup(async () => {
      connections = await connect()
      guardCommits(connections.guarded)
      await connections.guarded.rawQuery('create table guarded_parents (id integer primary key)')
      await connections.guarded.rawQuery(
        `create table guarded_children (id integer primary key,
         parent_id integer not null references guarded_parents(id) deferrable initially deferred)`
      )
      return () => connections.release()
    })
    group.each.setup(async () => {
      await connections.other.from('guarded_children').delete()
      await connections.other.from('guarded_parents').delete()
    })

    /** What is written through the guarded connection now is there for everyone. */
    const writesAgain = async () => {
      const { guarded, other } = connections
      await guarded.table('guarded_parents').insert({ id: 100 })
      await guarded.transaction((transaction) => transaction.table('guarded_parents').insert({ id: 101 }))
      return (await other.from('guarded_parents').whereIn('id', [100, 101])).length === 2
    }

    for (const [name, { fail, error, on, options }] of Object.entries(failures)) {
      if (on === 'postgres' && !isPostgres) continue

      test(`tells the caller of commit() of ${name}, and goes on`, async ({ assert }) => {
        const transaction = await connections.guarded.transaction(options)
        let announced = 0
        transaction.after('commit', () => void announced++)
        await fail(transaction, connections)
        await assert.rejects(() => transaction.commit(), error as any)
        assert.equal(announced, 0)
        assert.lengthOf(await connections.other.from('guarded_parents').where('id', 1), 0)
        assert.isTrue(await writesAgain())
      })

      test(`tells the caller of a callback of ${name}, and goes on`, async ({ assert }) => {
        const work = (transaction: TransactionClientContract) => fail(transaction, connections)
        await assert.rejects(() => connections.guarded.transaction(work, options), error as any)
        assert.lengthOf(await connections.other.from('guarded_parents').where('id', 1), 0)
        assert.isTrue(await writesAgain())
      })
    }

    test('announces each commit that holds, and no savepoint', async ({ assert }) => {
      const heard: Committed[] = []
      const stop = onCommitted((committed) => void heard.push(committed))
      const transaction = await connections.guarded.transaction()
      await transaction.transaction((nested) => nested.table('guarded_parents').insert({ id: 1 }))
      assert.lengthOf(heard, 0)
      await transaction.commit()
      const rolledBack = await connections.guarded.transaction()
      await rolledBack.rollback()
      stop()
      await connections.guarded.transaction((each) => each.table('guarded_parents').insert({ id: 2 }))

      assert.deepEqual(heard, [{ connection: connections.guarded.connectionName, xid: transactionId(transaction) }])
      assert.equal(transactionId(transaction) !== null, isPostgres)
    })

    test('lets a listener write along before each COMMIT of a callback, and fail it', async ({ assert, cleanup }) => {
      const { guarded, other } = connections
      const heard: unknown[] = []
      const stop = beforeCommit(async (transaction, result) => {
        heard.push(result)
        await transaction.table('guarded_parents').insert({ id: 7 })
        if (result === 'refused') throw new E_COMMIT_FAILED('on purpose')
      })
      cleanup(stop)
      const refused = guarded.transaction(async (transaction) => {
        await transaction.table('guarded_parents').insert({ id: 1 })
        return 'refused'
      })
      await assert.rejects(() => refused, 'on purpose')
      assert.lengthOf(await other.from('guarded_parents'), 0)

      const work = async (transaction: TransactionClientContract) => {
        await transaction.transaction(async () => 'nested')
        assert.lengthOf(heard, 1)
        return 'made'
      }
      assert.equal(await guarded.transaction(work), 'made')
      assert.deepEqual(heard, ['refused', 'made'])
      assert.deepEqual(await other.from('guarded_parents').select('id'), [{ id: 7 }])
      stop()
      assert.isTrue(await writesAgain())
    })

    test('keeps the first error of a callback', async ({ assert }) => {
      const work = async (transaction: TransactionClientContract) => {
        await transaction.table('guarded_parents').insert({ id: 1 })
        throw new E_COMMIT_FAILED('mine')
      }
      await assert.rejects(() => connections.guarded.transaction(work), 'mine')
      assert.lengthOf(await connections.other.from('guarded_parents'), 0)
    })
  })
}
