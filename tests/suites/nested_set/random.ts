import { randomInt } from 'node:crypto'
import { test } from '@japa/runner'
import { E_INSIDE_ITSELF, type Position } from '#providers/nested_set/index'
import { randomOf } from '#tests/random'
import { Note, type NoteModel, TightNote } from './models.js'
import { createTables, draw, dropTables, empty, type Place, rows } from './tables.js'

const OPERATIONS = Number(process.env.NESTED_SET_OPERATIONS ?? 1500)
const BOARDS = [1, 2, 3]
const POSITIONS: Position[] = ['first-child', 'last-child', 'left', 'right']

interface Leaf {
  name: string
  board: number
  parent: Leaf | null
  children: Leaf[]
  isTrashed: boolean
}

/** What trees should be, as objects with lists of children. */
class Model {
  leaves = new Map<string, Leaf>()
  roots = new Map<number, Leaf[]>(BOARDS.map((board) => [board, []]))

  add(name: string, board: number): Leaf {
    const leaf: Leaf = { name, board, parent: null, children: [], isTrashed: false }
    this.leaves.set(name, leaf)
    return leaf
  }

  siblingsOf(leaf: Leaf) {
    return leaf.parent ? leaf.parent.children : this.roots.get(leaf.board)!
  }

  take(leaf: Leaf) {
    const siblings = this.siblingsOf(leaf)
    siblings.splice(siblings.indexOf(leaf), 1)
  }

  put(leaf: Leaf, target: Leaf | null, position: Position) {
    if (!target) {
      leaf.parent = null
      this.roots.get(leaf.board)!.push(leaf)
      return
    }
    const isBelow = position === 'first-child' || position === 'last-child'
    leaf.parent = isBelow ? target : target.parent
    const siblings = this.siblingsOf(leaf)
    if (position === 'first-child') siblings.unshift(leaf)
    else if (position === 'last-child') siblings.push(leaf)
    else siblings.splice(siblings.indexOf(target) + (position === 'right' ? 1 : 0), 0, leaf)
  }

  /** Its children take its place. */
  remove(leaf: Leaf) {
    const siblings = this.siblingsOf(leaf)
    siblings.splice(siblings.indexOf(leaf), 1, ...leaf.children)
    for (const child of leaf.children) child.parent = leaf.parent
    this.leaves.delete(leaf.name)
  }

  isInside(leaf: Leaf, other: Leaf): boolean {
    for (let each: Leaf | null = leaf; each; each = each.parent) if (each === other) return true
    return false
  }

  living(leaf: Leaf): number {
    return leaf.children.reduce((sum, child) => sum + this.living(child) + (child.isTrashed ? 0 : 1), 0)
  }

  draw(board: number): string {
    const text = (leaves: Leaf[]): string =>
      leaves.map(({ name, children }) => name + (children.length > 0 ? `(${text(children)})` : '')).join(' ')
    return text(this.roots.get(board)!)
  }
}

export function randomSuite(place: Place) {
  test.group(`Random trees: ${place.name}`, (group) => {
    group.setup(async () => {
      const release = await place.connect()
      await createTables()
      return async () => {
        await dropTables()
        await release()
      }
    })
    group.each.setup(empty)

    for (const [labels, model, atMost] of [
      ['many', Note, 400],
      ['next to no', TightNote, 150],
    ] as const) {
      test(`${OPERATIONS} operations leave what a model of them says, with ${labels} labels`, async ({ assert }) => {
        const seed = Number(process.env.NESTED_SET_SEED ?? randomInt(2 ** 31))
        console.log(`      NESTED_SET_SEED=${seed}`)
        await operate(model as NoteModel, seed, atMost, assert)
      }).timeout(Math.max(120_000, OPERATIONS * 60))
    }
  })
}

async function operate(model: NoteModel, seed: number, atMost: number, assert: any) {
  const { below, pick } = randomOf(seed)
  const expected = new Model()
  let made = 0

  const rowOf = (leaf: Leaf): Promise<Note> =>
    model.query().withTrashed().where('name', leaf.name).where('boardId', leaf.board).firstOrFail()
  const anyOf = (board: number) => {
    const leaves = [...expected.leaves.values()].filter((leaf) => leaf.board === board)
    // The newest and the first ones are hot spots.
    const chance = below(10)
    if (leaves.length === 0) return null
    return chance < 2 ? leaves.at(-1)! : chance < 4 ? leaves[0] : pick(leaves)
  }

  const insert = async (board: number) => {
    const target = below(12) === 0 ? null : anyOf(board)
    const position = pick(POSITIONS)
    const leaf = expected.add(`n${++made}`, board)
    const row = new model().fill({ name: leaf.name, boardId: board })
    if (target) await row.insertAt(await rowOf(target), position)
    else await row.makeRoot()
    expected.put(leaf, target, position)
  }
  const move = async (board: number) => {
    const [leaf, target] = [anyOf(board), below(12) === 0 ? null : anyOf(board)]
    if (!leaf) return
    const position = pick(POSITIONS)
    const row = await rowOf(leaf)
    if (!target) await row.makeRoot()
    else {
      const moving = row.moveTo(await rowOf(target), position)
      if (expected.isInside(target, leaf)) return assert.rejects(() => moving, E_INSIDE_ITSELF.message)
      await moving
    }
    expected.take(leaf)
    expected.put(leaf, target, position)
    assert.equal(row.depth, (await rowOf(leaf)).depth)
  }
  const trash = async (board: number) => {
    const leaf = anyOf(board)
    if (!leaf) return
    const row = await rowOf(leaf)
    leaf.isTrashed = !leaf.isTrashed
    await (leaf.isTrashed ? row.delete() : row.restore())
  }
  const remove = async (board: number) => {
    const leaf = anyOf(board)
    if (!leaf) return
    await (await rowOf(leaf)).forceDelete()
    expected.remove(leaf)
  }

  for (let number = 0; number < OPERATIONS; number++) {
    const board = pick(BOARDS)
    const chance = below(20)
    const isFull = expected.leaves.size >= atMost
    const operation = chance < 9 && !isFull ? insert : chance < 14 ? move : chance < 17 ? trash : remove
    await operation(board)

    const stored = await rows(board)
    if (draw(stored) !== expected.draw(board)) {
      assert.equal(draw(stored), expected.draw(board), `operation ${number}: ${operation.name}`)
    }
    for (const row of stored) {
      if (Boolean(row.deleted_at) !== expected.leaves.get(row.name)!.isTrashed) assert.fail(`${row.name} in the trash`)
    }
    const leaf = anyOf(board)
    if (leaf) assert.equal(await (await rowOf(leaf)).descendantsCount(), expected.living(leaf))
    if (number % 200 === 0) for (const each of BOARDS) assert.isEmpty(await model.findProblems(each))
  }
}
