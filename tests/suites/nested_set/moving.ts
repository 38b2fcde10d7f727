import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import {
  type Branch,
  E_ANOTHER_TREE,
  E_INSIDE_ITSELF,
  E_NESTED_SET_CONFIG,
  E_NODE_GONE,
  E_TREE_FULL,
  E_UNPLACED,
} from '#providers/nested_set/index'
import { purge } from '#providers/soft_delete/index'
import { Etom, Note, Shelf, TightNote } from './models.js'
import { createTables, drawn, dropTables, empty, type Place, plant, rows } from './tables.js'

export function movingSuite(place: Place) {
  test.group(`A tree: ${place.name}`, (group) => {
    group.setup(async () => {
      const release = await place.connect()
      await createTables()
      return async () => {
        await dropTables()
        await release()
      }
    })
    group.each.setup(empty)

    const names = (found: any[]) => found.map(({ name }) => name).join(' ')
    const make = (name: string, board = 1): Note => new Note().fill({ name, boardId: board })

    test('puts new nodes below and beside others', async ({ assert }) => {
      const { a, b } = await plant(Note, 'a(b) z')
      await make('c').appendTo(a)
      await make('d').prependTo(a)
      await make('e').insertAt(b, 'left')
      await make('f').insertAt(b, 'right')
      await make('g').insertAt(a, 'right')
      await make('h').insertAt(a, 'left')
      await make('i').insertAt(b, 'first-child')
      assert.equal(await drawn(), 'h a(d e b(i) f c) g z')
    })

    test('takes the tree from the node that a new one goes to', async ({ assert }) => {
      const { a } = await plant(Note, 'a', 7)
      const node = await new Note().fill({ name: 'b' }).appendTo(a)
      assert.deepInclude(node.toJSON(), { boardId: 7, depth: 1, parentId: a.id })
      assert.notProperty(node.toJSON(), 'lft')
      assert.equal(await drawn(7), 'a(b)')
    })

    test('writes one row for an insert, and for a move one for each node of the subtree', async ({ assert }) => {
      const { a, b, d } = await plant(Note, 'a(b(c)) d')
      const before = await rows()
      await make('e').appendTo(a)
      await b.moveTo(d, 'last-child')
      const after = new Map((await rows()).map((row) => [row.name, row]))
      const changed = before.filter((row) => row.lft !== after.get(row.name)!.lft).map(({ name }) => name)
      assert.deepEqual(changed, ['b', 'c'])
    })

    test('moves a subtree wherever one says', async ({ assert }) => {
      const { a, b, c, e } = await plant(Note, 'a(b(c d) e) f')
      await b.moveTo(e, 'right')
      assert.equal(await drawn(), 'a(e b(c d)) f')
      await b.moveTo(a, 'left')
      assert.equal(await drawn(), 'b(c d) a(e) f')
      await a.moveTo(c, 'first-child')
      assert.equal(await drawn(), 'b(c(a(e)) d) f')
      await c.makeRoot()
      assert.equal(await drawn(), 'b(d) f c(a(e))')
      await b.appendTo(e)
      assert.equal(await drawn(), 'f c(a(e(b(d))))')
      assert.equal(b.depth, 3)
      assert.equal(b.parentId, e.id)
      assert.isFalse(b.$isDirty)
    })

    test('leaves a node where it is when it stands there already', async ({ assert }) => {
      const { a, b, c } = await plant(Note, 'a(b c)')
      const before = await rows()
      await c.appendTo(a)
      await b.prependTo(a)
      await c.moveTo(b, 'right')
      await b.moveTo(c, 'left')
      await a.makeRoot()
      assert.deepEqual(await rows(), before)
    })

    test('keeps what else was changed of a node that moves', async ({ assert }) => {
      const { a, b } = await plant(Note, 'a b')
      b.name = 'x'
      await b.appendTo(a)
      assert.equal(await drawn(), 'a(b)')
      await b.save()
      assert.equal(await drawn(), 'a(x)')
    })

    test('refuses a move below itself, to another tree, and to nobody', async ({ assert }) => {
      const { a, b, c } = await plant(Note, 'a(b) c')
      const other = (await plant(Note, 'z', 2)).z
      await assert.rejects(() => a.appendTo(b), E_INSIDE_ITSELF.message)
      await assert.rejects(() => a.appendTo(a), E_INSIDE_ITSELF.message)
      await assert.rejects(() => a.moveTo(b, 'left'), E_INSIDE_ITSELF.message)
      await assert.rejects(() => a.appendTo(other), E_ANOTHER_TREE.message)
      await assert.rejects(() => make('d', 1).appendTo(other), E_ANOTHER_TREE.message)
      await c.forceDelete()
      await assert.rejects(() => a.appendTo(c), E_NODE_GONE.message)
      await assert.rejects(() => make('d').appendTo(c), E_NODE_GONE.message)
      await assert.rejects(() => c.appendTo(a))
      assert.equal(await drawn(), 'a(b)')
      assert.equal(await drawn(2), 'z')
    })

    test('refuses rows without a place, and parents that are changed by hand', async ({ assert }) => {
      const { a, b } = await plant(Note, 'a b')
      await assert.rejects(() => make('c').save(), E_UNPLACED.message)
      await assert.rejects(() => Note.create({ name: 'c', boardId: 1, parentId: a.id }), E_UNPLACED.message)
      await assert.rejects(() => b.merge({ parentId: a.id }).save(), E_UNPLACED.message)
      await assert.rejects(async () => make('c').moveTo(a, 'right'))
      await db.connection('trees').from('ns_notes').where('id', a.id).update({ lft: null, rgt: null })
      await assert.rejects(() => make('c').appendTo(a), E_UNPLACED.message)
      await db.connection('trees').from('ns_notes').where('id', a.id).delete()
      assert.equal(await drawn(), 'b')
    })

    test('moves by what the database says, not by what an instance remembers', async ({ assert }) => {
      const { a, b, c } = await plant(Note, 'a(b c)')
      const stale = await Note.findOrFail(c.id)
      await a.appendTo(await make('r').makeRoot())
      await c.prependTo(a)
      await make('d').appendTo(stale)
      await b.appendTo(stale)
      assert.equal(await drawn(), 'r(a(c(d b)))')
      assert.equal(names(await stale.ancestors()), 'r a')
      assert.equal(names(await stale.descendants()), 'd b')
    })

    test('gives queries for relatives, to which one can add', async ({ assert }) => {
      const { a, b, c, d, e, f } = await plant(Note, 'a(b(c(d) x) e) f')
      await plant(Note, 'other(tree)', 2)
      assert.equal(names(await d.ancestors()), 'a b c')
      assert.isEmpty(await a.ancestors())
      assert.equal(names(await d.ancestors().where('name', 'b')), 'b')
      assert.equal(names(await a.descendants()), 'b c d x e')
      assert.equal(names(await a.descendants({ maxDepth: 1 })), 'b e')
      assert.equal(names(await a.descendants({ maxDepth: 2 }).whereNot('name', 'x')), 'b c e')
      assert.equal(names(await b.children()), 'c x')
      assert.equal(names(await a.children().orWhere('name', 'nobody')), 'b e')
      assert.equal(names(await b.siblings()), 'e')
      assert.equal(names(await f.siblings()), 'a')
      assert.isEmpty(await c.siblings().where('name', 'e'))
      assert.isTrue(await d.isDescendantOf(a))
      assert.isFalse(await a.isDescendantOf(d))
      assert.isFalse(await a.isDescendantOf(a))
      assert.equal(await a.descendantsCount(), 5)
      assert.equal(await e.descendantsCount(), 0)
    })

    test('makes a tree of rows, and of a part of them', async ({ assert }) => {
      const { a, b } = await plant(Note, 'a(b(c d) e) f')
      const text = (branches: Branch<Note>[]): string =>
        branches.map(({ node, children }) => node.name + (children.length > 0 ? `(${text(children)})` : '')).join(' ')
      assert.equal(text(Note.toTree(await Note.all())), 'a(b(c d) e) f')
      assert.equal(text(Note.toTree(await a.descendants())), 'b(c d) e')
      assert.equal(text(Note.toTree(await b.children())), 'c d')
      assert.isEmpty(Note.toTree([]))
    })

    test('keeps the place of a deleted node', async ({ assert }) => {
      const { a, b, c } = await plant(Note, 'a(b(c) d)')
      await b.delete()
      assert.equal(await drawn(), 'a(b(c) d)')
      assert.equal(names(await a.descendants()), 'c d')
      assert.equal(await a.descendantsCount(), 2)
      assert.equal(names(await a.descendants().withTrashed()), 'b c d')
      assert.isTrue(await c.isDescendantOf(b))
      await make('e').insertAt(b, 'right')
      await make('f').appendTo(b)
      await b.restore()
      assert.equal(await drawn(), 'a(b(c f) e d)')
      assert.equal(names(await a.descendants()), 'b c f e d')
    })

    for (const model of [Note, Etom] as (typeof Note)[]) {
      test(`lets children move up when ${model.name} is deleted for good`, async ({ assert }) => {
        const { b, c, d } = await plant(model, 'a(b(c(d(e)) x) y)')
        await c.delete()
        await c.forceDelete()
        assert.equal(await drawn(), 'a(b(d(e) x) y)')
        await b.forceDelete()
        assert.equal(await drawn(), 'a(d(e) x y)')
        await d.delete()
        assert.equal(await drawn(), 'a(d(e) x y)')
        assert.isEmpty(await model.findProblems(1))
      })
    }

    test('lets children of roots become roots when a purge takes those', async ({ assert }) => {
      const { a, b, d } = await plant(Note, 'a(b(c) x(y)) d(e)')
      const { m, n } = await plant(Note, 'm(n(o))', 2)
      for (const node of [a, b, d, m, n]) await node.delete()
      const trashed = db.connection('trees').from('ns_notes').whereNotNull('deleted_at')
      await trashed.update({ deleted_at: '2026-01-01T00:00:00.000Z' })
      await Array.fromAsync(purge({ model: Note, olderThan: 0 }))
      assert.equal(await drawn(), 'c x(y) e')
      assert.equal(await drawn(2), 'o')
    })

    test('lets children move up past all that a deletion takes, from everywhere at once', async ({ assert }) => {
      const { a, b, c, e, g, h, k } = await plant(Note, 'a(b(c(d) e(f(g(x)))) y) h(i(j)) k')
      await plant(Note, 'other(tree)', 2)
      const doomed = [g, c, k, b, h, e]
      await db.connection('trees').transaction(async (client) => {
        await Note.liftChildren(doomed, client)
        const ids = doomed.map(({ id }) => id)
        await client.from('ns_notes').whereIn('id', ids).delete()
      })
      assert.equal(await drawn(), 'a(d f(x) y) i(j)')
      assert.equal(await drawn(2), 'other(tree)')
      assert.equal((await Note.findOrFail(a.id)).depth, 0)
    })

    test('needs neither a tree column nor a trash', async ({ assert }) => {
      const root = await new Shelf().fill({ name: 'root' }).makeRoot()
      const middle = await new Shelf().fill({ name: 'middle' }).appendTo(root)
      const leaf = await new Shelf().fill({ name: 'leaf' }).appendTo(middle)
      await new Shelf().fill({ name: 'twig' }).insertAt(leaf, 'left')
      await middle.delete()
      assert.isTrue(middle.$isDeleted)
      assert.equal(names(await root.descendants()), 'twig leaf')
      const stored = await Shelf.query().orderBy('lft')
      assert.deepEqual(
        stored.map(({ depth, parentId }) => [depth, parentId]),
        [
          [0, null],
          [1, root.id],
          [1, root.id],
        ]
      )
      assert.isEmpty(await Shelf.findProblems())
    })

    test('rolls back with the transaction that it was given', async ({ assert }) => {
      const { a, b } = await plant(Note, 'a b')
      const transaction = await db.connection('trees').transaction()
      const node = make('c')
      node.useTransaction(transaction)
      await node.appendTo(a)
      const moved = await Note.query({ client: transaction }).where('id', b.id).firstOrFail()
      await moved.appendTo(node)
      await transaction.rollback()
      assert.equal(await drawn(), 'a b')
    })

    test('makes room where labels are used up, and says so when all are', async ({ assert }) => {
      const root: Note = await new TightNote().fill({ name: 'r', boardId: 1 }).makeRoot()
      let names = ''
      for (let number = 0; number < 1000; number++) {
        await new TightNote().fill({ name: `n${number}` }).appendTo(root)
        names += ` n${number}`
      }
      assert.equal(await drawn(), `r(${names.slice(1)})`)
      const fill = async () => {
        for (;;) await new TightNote().fill({ name: 'x' }).prependTo(root)
      }
      await assert.rejects(fill, E_TREE_FULL.message)
      const stored = await rows()
      assert.lengthOf(stored, 2 ** 11 / 2 - 1)
      assert.isEmpty(await TightNote.findProblems(1))
    })

    test('refuses what it cannot keep', async ({ assert }) => {
      class Wide extends Note {
        static labelBits = 60
      }
      const attempt = async () => Wide.fixTree(1)
      assert.instanceOf(await attempt().catch((error) => error), E_NESTED_SET_CONFIG)
    })
  })
}
