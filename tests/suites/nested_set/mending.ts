import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import type { Problem } from '#providers/nested_set/index'
import { uuidv7 } from '#providers/portable/index'
import { Note } from './models.js'
import { createTables, drawn, dropTables, empty, type Place, plant, rows } from './tables.js'

type Nodes = Record<string, Note>

/** What raw SQL does to a tree, and what that is called. */
const DEFECTS: [what: string, problem: Problem['problem'], nodes: string, spoil: (nodes: Nodes) => unknown][] = [
  ['swapped bounds', 'swapped-bounds', 'b', ({ b }) => set(b, { lft: b.rgt, rgt: b.lft })],
  ['no bounds', 'null-bounds', 'b', ({ b }) => set(b, { lft: null, rgt: null })],
  ['bounds beyond all labels', 'out-of-range', 'f', ({ f }) => set(f, { rgt: 2 ** 52 })],
  ['an interval that ends in another', 'crossing', 'e', ({ b, e }) => set(b, { rgt: Math.floor((e.lft + e.rgt) / 2) })],
  ['a label twice', 'duplicate-label', 'b c', ({ b, c }) => set(b, { rgt: c.lft })],
  ['a parent in another tree', 'orphan', 'b', ({ b, z }) => set(b, { parent_id: z.id })],
  [
    'a parent that is missing',
    'orphan',
    'b',
    async ({ b }) => withoutForeignKeys(() => set(b, { parent_id: uuidv7() })),
  ],
  ['a wrong depth', 'wrong-depth', 'c', ({ c }) => set(c, { depth: 7 })],
  ['a child outside its parent', 'outside-parent', 'b', ({ b, f }) => set(b, { parent_id: f.id })],
  ['a child inside a stranger', 'inside-another', 'c', ({ c }) => set(c, { parent_id: null, depth: 0 })],
  ['a cycle', 'cycle', 'b c', ({ b, c }) => set(b, { parent_id: c.id })],
  ['a cycle of one', 'cycle', 'b', ({ b }) => set(b, { parent_id: b.id })],
]

export function mendingSuite(place: Place) {
  test.group(`A tree that somebody broke: ${place.name}`, (group) => {
    group.setup(async () => {
      const release = await place.connect()
      await createTables()
      return async () => {
        await dropTables()
        await release()
      }
    })
    group.each.setup(async () => {
      await empty()
      await plant(Note, 'y(z)', 2)
      return () => withoutForeignKeys(empty)
    })

    const planted = async () => {
      const { z } = Object.fromEntries((await Note.all()).map((node) => [node.name!, node]))
      return { z, ...(await plant(Note, 'a(b(c d) e) f')) } as Nodes
    }
    const problems = async () => (await Note.findProblems(1)) as Problem[]

    test('has no problems before', async ({ assert }) => {
      await planted()
      assert.isEmpty(await problems())
      const before = await rows()
      assert.equal(await Note.fixTree(1), 0)
      assert.deepEqual(await rows(), before)
    })

    for (const [what, problem, names, spoil] of DEFECTS) {
      test(`names and mends ${what}`, async ({ assert }) => {
        const nodes = await planted()
        await spoil(nodes)
        const found = (await problems()).filter((each) => each.problem === problem).map(({ id }) => id)
        assert.includeMembers(
          names.split(' ').map((name) => nodes[name].id),
          found
        )
        assert.isNotEmpty(found)
        const others = await rows(2)
        assert.isAbove(await Note.fixTree(1), 0)
        assert.isEmpty(await problems())
        assert.lengthOf((await drawn()).match(/\w/g)!, 6)
        const mended = await rows(1)
        assert.equal(await Note.fixTree(1), 0)
        assert.deepEqual(await rows(1), mended)
        assert.deepEqual(await rows(2), others)
      })
    }

    test('comes back as its parents say, siblings in their old order', async ({ assert }) => {
      const { b, e } = await planted()
      await set(e, { lft: null, rgt: null })
      await set(b, { parent_id: null })
      await Note.fixTree(1)
      assert.equal(await drawn(), 'a(e) b(c d) f')
    })

    test('gives places to rows from before it was one', async ({ assert }) => {
      await planted()
      await db.connection('trees').from('ns_notes').where('board_id', 1).update({ lft: null, rgt: null, depth: 0 })
      assert.equal(await Note.fixTree(1), 6)
      assert.equal(await drawn(), 'a(b(c d) e) f')
    })

    test('makes roots of orphans and of those in a cycle, with all below them', async ({ assert }) => {
      const { b, c, e } = await planted()
      await set(b, { parent_id: c.id })
      await withoutForeignKeys(() => set(e, { parent_id: uuidv7() }))
      await Note.fixTree(1)
      assert.equal(await drawn(), 'a b(d) c e f')
    })

    test('is mended below one node alone', async ({ assert }) => {
      const { a, b, c, d } = await planted()
      assert.equal(await Note.partialRebuild(a), 0)
      await set(c, { depth: 7 })
      await set(d, { lft: null, rgt: null })
      const before = (await rows(1)).filter(({ name }) => 'abef'.includes(name))
      assert.equal(await Note.partialRebuild(b), 2)
      assert.equal(await drawn(), 'a(b(c d) e) f')
      assert.deepEqual(
        (await rows(1)).filter(({ name }) => 'abef'.includes(name)),
        before
      )
      assert.equal(await Note.partialRebuild(b), 0)
    })

    test('is mended as a whole where one node is not enough', async ({ assert }) => {
      const { b } = await planted()
      await set(b, { lft: null, rgt: null })
      assert.isAbove(await Note.partialRebuild(b), 0)
      assert.equal(await drawn(), 'a(e b(c d)) f')
    })

    test('is mended as a whole where the depth of the node, or of one above it, is wrong', async ({ assert }) => {
      const { a, b, c } = await planted()
      for (const [node, wrong] of [
        [a, [a]],
        [b, [a, b]],
        [c, [c]],
      ] as [Note, Note[]][]) {
        for (const each of wrong) await set(each, { depth: each.depth + 5 })
        assert.isAbove(await Note.partialRebuild(node), 0)
        assert.isEmpty(await problems())
        assert.equal(await drawn(), 'a(b(c d) e) f')
      }
    })

    test('is rebuilt in statements that do not grow in number with the rows of a thousand', async ({ assert }) => {
      const client = db.connection('trees')
      const [root] = await Note.query().where('boardId', 2)
      const leaves = Array.from({ length: 2500 }, () => ({ id: uuidv7(), name: 'n', board_id: 3, parent_id: null }))
      for (let from = 0; from < leaves.length; from += 500) {
        await client.table('ns_notes').multiInsert(leaves.slice(from, from + 500))
      }
      assert.exists(root)
      assert.equal(await Note.fixTree(3), 2500)
      assert.isEmpty(await Note.findProblems(3))
      assert.deepEqual(
        (await rows(3)).map(({ id }) => id),
        leaves.map(({ id }) => id)
      )
      assert.equal(await Note.fixTree(3), 0)
    })
  })
}

async function set(node: Note, columns: object) {
  await db.connection('trees').from('ns_notes').where('id', node.id).update(columns)
}

/** What a foreign key would refuse, as on a table without one. */
async function withoutForeignKeys(work: () => Promise<unknown>) {
  const client = db.connection('trees')
  const isPostgres = client.dialect.name === 'postgres'
  const constraint = 'ns_notes_parent_id_foreign'
  await client.rawQuery(
    isPostgres ? `alter table ns_notes drop constraint if exists ${constraint}` : 'pragma foreign_keys = off'
  )
  try {
    await work()
  } finally {
    if (!isPostgres) await client.rawQuery('pragma foreign_keys = on')
  }
}
