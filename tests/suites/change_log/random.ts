import { randomInt } from 'node:crypto'
import { BaseModel } from '@adonisjs/lucid/orm'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { test } from '@japa/runner'
import type { Change } from '#providers/change_log/index'
import { randomOf } from '#tests/random'
import { nextId, Note, Owner, type Place, Stage } from './stage.js'
import { type Chance, LUCID_WRITES, VERBS } from './verbs.js'

const OPERATIONS = Number(process.env.CHANGE_LOG_OPERATIONS ?? 5000)
const TABLES = ['notes', 'owners', 'note_readers'] as const
const ENDS = { commit: 12, rollback: 3, deferred: 2, killed: 1, none: 4 }

type Contents = Map<string, string>
type Transaction = TransactionClientContract

export function randomSuite(place: Place) {
  test.group(`Random writes and the change log: ${place.name}`, (group) => {
    const stage = new Stage(group, place)

    /** What the watched columns hold, read without triggers and models: each row as text, by table and key. */
    const contents = async (): Promise<Contents> => {
      const big = 'cast(big as text) as big'
      const notes = await stage.raw(`select id, title, done, ${big}, seen_at, owner_id, deleted_at from notes`)
      const owners = await stage.raw('select id, name from owners')
      const readers = await stage.raw('select note_id, owner_id from note_readers')
      return new Map([
        ...notes.map((row) => [`notes ${row.id}`, told(note(row))] as const),
        ...owners.map((row) => [`owners ${row.id}`, told({ name: row.name })] as const),
        ...readers.map(
          (row) => [`note_readers ${JSON.stringify([row.note_id, String(row.owner_id)])}`, told({})] as const
        ),
      ])
    }

    test(`${OPERATIONS} operations: what the hooks receive is what happened to the rows`, async ({ assert }) => {
      const seed = Number(process.env.CHANGE_LOG_SEED ?? randomInt(2 ** 31))
      console.log(`      CHANGE_LOG_SEED=${seed}`)
      const { next, pick, below } = randomOf(seed)
      const chance: Chance = { pick, below, text: () => `text ${below(5)}` }
      const received: Change[] = []
      const known = new Map<string, number>()
      await stage.replace({}, (log) => {
        for (const table of TABLES) {
          log.subscribe({
            name: `watcher of ${table}`,
            table,
            operations: ['created', 'updated', 'deleted', 'restored'],
            synchronous: true,
            handle: (change) => {
              // Where the relay is busy, a request that waits runs the hooks too: what is known comes again.
              const name = `${change.table} ${change.key}`
              if (change.revision <= (known.get(name) ?? 0)) return
              known.set(name, change.revision)
              received.push(change)
            },
          })
        }
      })

      let done = 0
      let rounds = 0
      const tried = new Set<string>()
      const operate = async (client: Parameters<(typeof VERBS)[string]>[0]) => {
        const verb = pick(Object.keys(VERBS))
        await VERBS[verb](client, chance)
        tried.add(verb)
        done++
      }
      const work = async (transaction: Transaction, depth: number): Promise<void> => {
        for (let steps = 1 + below(4); steps > 0; steps--) await operate(transaction)
        if (depth === 0 || next() < 0.5) return
        const nested = await transaction.transaction()
        await work(nested, depth - 1)
        await (next() < 0.4 ? nested.rollback() : nested.commit())
        if (next() < 0.5) await operate(transaction)
      }
      const ends = Object.entries(ENDS).flatMap(([end, weight]) => Array<string>(weight).fill(end))
      const counts: Record<string, number> = {}

      let before = await contents()
      while (done < OPERATIONS) {
        const end = pick(ends.filter((each) => stage.isPostgres || each !== 'killed'))
        counts[end] = (counts[end] ?? 0) + 1
        // Of more than a thousand changes that wait for a slow relay, `delivered()` takes the first.
        if (++rounds % 10 === 0) await stage.drained()
        received.length = 0
        if (end === 'none') {
          await operate(stage.client)
        } else {
          const transaction = await stage.client.transaction()
          await work(transaction, 2).catch(async (error) => {
            await transaction.rollback()
            throw error
          })
          if (end === 'commit') await transaction.commit()
          else if (end === 'rollback') await transaction.rollback()
          else await failing(end, transaction, (commit) => assert.rejects(commit))
        }
        const when = `${end}, after ${done} operations of seed ${seed}`
        assert.isTrue(await stage.delivered(), when)
        const after = await contents()
        const isLost = !['commit', 'none'].includes(end)
        if (isLost && received.length > 0) assert.fail(`${told(received[0])} was announced: ${when}`)
        if (isLost) assertSame(after, before, when)
        assertSame(applied(received, before), after, when)
        before = after
      }
      console.log(`      ${Object.entries(counts).map(([end, count]) => `${count} × ${end}`)}`)
      if (OPERATIONS >= 1000) assert.sameMembers([...tried], Object.keys(VERBS))
    }).timeout(600_000)

    async function failing(
      how: string,
      transaction: Transaction,
      rejects: (commit: () => Promise<unknown>) => Promise<unknown>
    ) {
      if (how === 'killed') {
        const { rows } = await transaction.rawQuery('select pg_backend_pid() as pid')
        await stage.raw(`select pg_terminate_backend(${rows[0].pid})`, stage.foreign)
      } else {
        await Note.create({ id: nextId(), ownerId: -1 }, { client: transaction })
      }
      await rejects(() => transaction.commit())
    }

    test('every method of Lucid that writes is among the operations', ({ assert }) => {
      const writes =
        /create|save|update|delete|restore|insert|merge|increment|decrement|truncate|attach|detach|sync$|associate/i
      const found = [
        BaseModel,
        BaseModel.prototype,
        Object.getPrototypeOf(Note.query({ client: stage.client })),
        Object.getPrototypeOf(stage.client.insertQuery()),
        Object.getPrototypeOf(new Owner().related('notes')),
        Object.getPrototypeOf(new Note().related('owner')),
        Object.getPrototypeOf(new Note().related('readers')),
      ].flatMap((prototype) => Object.getOwnPropertyNames(prototype))
      const unknown = found.filter(
        (method) => writes.test(method) && !/^[$_]/.test(method) && !LUCID_WRITES.includes(method)
      )
      assert.deepEqual(unknown, [], 'they belong into verbs.ts')
    })
  })
}

/** The rows after the changes, which must fit: each begins where the one before it ended. */
function applied(changes: Change[], before: Contents): Contents {
  const rows = new Map(before)
  for (const change of changes) {
    const name = `${change.table} ${change.key}`
    const was = change.before && told(change.before)
    if (was !== (rows.get(name) ?? null)) {
      throw new RangeError(`${name} was ${rows.get(name)}, and a ${change.operation} says ${was}`)
    }
    // A row that was soft-deleted is there as before.
    if (change.after === null) rows.delete(name)
    else rows.set(name, told(change.after))
  }
  return rows
}

function assertSame(actual: Contents, expected: Contents, when: string) {
  for (const [name, row] of expected) {
    if (actual.get(name) !== row) throw new RangeError(`${name} is ${row}, and not ${actual.get(name)}: ${when}`)
  }
  for (const name of actual.keys()) if (!expected.has(name)) throw new RangeError(`There is no ${name}: ${when}`)
}

function note(row: any) {
  const { title, big, owner_id: ownerId } = row
  const time = (value: string | Date | null) => value && new Date(value).toISOString()
  const done = row.done === null ? null : Boolean(row.done)
  return { title, done, big, ownerId, seenAt: time(row.seen_at), deletedAt: time(row.deleted_at) }
}

/** As text, whatever the order of the columns. */
function told(values: object) {
  return JSON.stringify(
    Object.entries(values)
      .map(([name, value]) => [name, value ?? null])
      .sort()
  )
}
