import { randomInt } from 'node:crypto'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { E_INSIDE_ITSELF, E_NODE_GONE } from '#providers/nested_set/index'
import { E_PURGED } from '#providers/soft_delete/index'
import { randomOf } from '#tests/random'
import { Note, TightNote } from './models.js'
import { createTables, draw, drawn, dropTables, empty, type Place, plant, rows } from './tables.js'

const WORKERS = 16
const OPERATIONS = Number(process.env.NESTED_SET_CONCURRENT_OPERATIONS ?? 40)
const OPPOSITES = Number(process.env.NESTED_SET_OPPOSITES ?? 100)

/** On PostgreSQL sixteen connections work at once; on SQLite they wait for the only one. */
export function concurrencySuite(place: Place) {
  test.group(`Trees under concurrency: ${place.name}`, (group) => {
    const isPostgres = place.name === 'PostgreSQL'
    group.setup(async () => {
      const release = await place.connect()
      await createTables()
      return async () => {
        await dropTables()
        await release()
      }
    })
    group.each.setup(empty)

    for (const [labels, model] of [
      ['many', Note],
      ['next to no', TightNote],
    ] as const) {
      test(`${WORKERS} who insert, move and delete in 4 trees leave no defect, with ${labels} labels`, async ({
        assert,
      }) => {
        const boards = [1, 2, 3, 4]
        for (const board of boards) await plant(model, 'a(b c(d))', board)
        const seed = Number(process.env.NESTED_SET_SEED ?? randomInt(2 ** 31))
        console.log(`      NESTED_SET_SEED=${seed}`)
        const ids = new Map(boards.map((board) => [board, new Set<string>()]))
        for (const row of await rows()) ids.get(row.board_id)!.add(row.id)
        const allowed = new Set<string>([E_INSIDE_ITSELF.code, E_NODE_GONE.code, E_PURGED.code, 'E_ROW_NOT_FOUND'])

        const worker = async (number: number) => {
          const { below, pick } = randomOf(seed + number)
          const some = (board: number) =>
            (model as typeof Note)
              .query()
              .withTrashed()
              .where('id', pick([...ids.get(board)!]))
              .firstOrFail()
          const operate = async (count: number) => {
            const board = pick(boards)
            const chance = below(10)
            if (ids.get(board)!.size === 0) {
              ids.get(board)!.add((await new model().fill({ name: 'root', boardId: board }).makeRoot()).id)
            } else if (chance < 5) {
              const target = await some(board)
              const position = pick(['first-child', 'last-child', 'left', 'right'] as const)
              const row = await new model().fill({ name: `w${number}n${count}` }).insertAt(target, position)
              ids.get(board)!.add(row.id)
            } else if (chance < 8) {
              // Both are picked before anything is awaited: meanwhile others may empty the tree.
              const [row, target] = await Promise.all([some(board), some(board)])
              await row.moveTo(target, pick(['first-child', 'right'] as const))
            } else if (chance === 8) {
              const row = await some(board)
              await (row.trashed ? row.restore() : row.delete())
            } else {
              const row = await some(board)
              if (!ids.get(board)!.delete(row.id)) return
              await row.forceDelete()
            }
          }
          for (let count = 0; count < OPERATIONS; count++) {
            await operate(count).catch((error) => {
              if (!allowed.has(error.code)) throw error
            })
          }
        }
        await Promise.all(Array.from({ length: WORKERS }, (_, number) => worker(number)))

        for (const board of boards) {
          assert.isEmpty(await model.findProblems(board), `seed ${seed}`)
          draw(await rows(board))
          assert.sameMembers(
            (await rows(board)).map(({ id }) => id),
            [...ids.get(board)!]
          )
        }
      })
    }

    test(`${OPPOSITES} pairs of opposite moves never make a cycle`, async ({ assert }) => {
      const outcomes = new Set<string>()
      for (let number = 0; number < OPPOSITES; number++) {
        await empty()
        const { a, b } = await plant(Note, 'a b')
        const [one, other] = [await Note.findOrFail(a.id), await Note.findOrFail(b.id)]
        const results = await Promise.allSettled([one.appendTo(b), other.appendTo(a)])
        const refused = results.filter((result) => result.status === 'rejected')
        assert.lengthOf(refused, 1)
        assert.equal(refused[0].reason.code, E_INSIDE_ITSELF.code)
        outcomes.add(await drawn())
      }
      for (const outcome of outcomes) assert.oneOf(outcome, ['a(b)', 'b(a)'])
    })

    test('who reads while labels are spread anew sees a well-formed tree', async ({ assert }) => {
      const root = (await plant(TightNote, 'r')).r
      let isDone = false
      let reads = 0
      const read = async () => {
        while (!isDone) {
          const found = await rows(1, 'other')
          draw(found)
          reads++
        }
      }
      const readers = Array.from({ length: isPostgres ? 4 : 1 }, read)
      const write = async () => {
        let node = root
        for (let number = 0; number < 400; number++) {
          const next = new TightNote().fill({ name: `n${number}` })
          node = number % 3 === 0 ? await next.prependTo(root) : await next.insertAt(node, 'left')
        }
        isDone = true
      }
      await Promise.all([...readers, write().finally(() => (isDone = true))])
      assert.isAbove(reads, 10)
      assert.lengthOf(await rows(1), 401)
      assert.isEmpty(await TightNote.findProblems(1))
    })

    test('trees do not wait for each other, and who writes in one waits', async ({ assert }) => {
      if (!isPostgres) return
      const { a } = await plant(Note, 'a', 1)
      const { b } = await plant(Note, 'b', 2)
      const transaction = await db.connection('other').transaction()
      const held = await Note.query({ client: transaction }).where('id', a.id).firstOrFail()
      await new Note().fill({ name: 'x' }).useTransaction(transaction).appendTo(held)
      let isIn = false
      const waiting = new Note()
        .fill({ name: 'y' })
        .appendTo(a)
        .then(() => (isIn = true))
      await new Note().fill({ name: 'z' }).appendTo(b)
      assert.isFalse(isIn)
      await transaction.commit()
      await waiting
      assert.equal(await drawn(1), 'a(x y)')
      assert.equal(await drawn(2), 'b(z)')
    })

    test('who refers to a node does not make a relabelling wait', async ({ assert }) => {
      if (!isPostgres) return
      const { a } = await plant(TightNote, 'a(b c d)')
      const transaction = await db.connection('other').transaction()
      await transaction.rawQuery('select id from ns_notes for key share')
      for (let number = 0; number < 50; number++) await new TightNote().fill({ name: `n${number}` }).prependTo(a)
      await transaction.rollback()
      assert.lengthOf(await rows(1), 54)
    })
  })
}
