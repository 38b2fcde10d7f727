import { randomInt } from 'node:crypto'
import { test } from '@japa/runner'
import { E_PARENT_TRASHED } from '#providers/soft_delete/index'
import { Comment, Post, Profile, User } from './models.js'
import { createTables, dropTables, empty, id, type Place, rows } from './tables.js'
import { randomOf } from '#tests/random'

const OPERATIONS = Number(process.env.SOFT_DELETE_OPERATIONS ?? 2000)

interface Node {
  id: string
  kind: keyof typeof MODELS
  parents: string[]
  deletion: number | null
}

const MODELS = { user: User, profile: Profile, post: Post, comment: Comment }
const TABLES = { user: 'sd_users', profile: 'sd_profiles', post: 'sd_posts', comment: 'sd_comments' }

/** What a trash should be, on a few objects: rows with parents, and the number of the deletion that each is in. */
class Model {
  nodes = new Map<string, Node>()
  #deletions = 0

  isTrashed = (node: string) => this.nodes.get(node)!.deletion !== null

  childrenOf(parents: Set<string>) {
    return [...this.nodes.values()].filter((node) => node.parents.some((parent) => parents.has(parent)))
  }

  delete(ids: string[]) {
    const living = ids.filter((each) => !this.isTrashed(each))
    const deletion = ++this.#deletions
    for (const each of living) this.nodes.get(each)!.deletion = deletion
    for (let level = new Set(living); level.size > 0;) {
      const taken = this.childrenOf(level).filter((node) => node.deletion === null)
      for (const node of taken) node.deletion = deletion
      level = new Set(taken.map((node) => node.id))
    }
  }

  /** False, and nothing changed, when one of them would live under a parent in the trash. */
  restore(ids: string[]): boolean {
    const before = new Map([...this.nodes.values()].map((node) => [node.id, node.deletion]))
    const roots = ids.filter((each) => this.isTrashed(each))
    const back = new Set<string>(roots)
    for (const each of back) {
      const same = this.childrenOf(new Set([each])).filter((node) => node.deletion === before.get(each))
      for (const node of same) back.add(node.id)
    }
    for (const each of back) this.nodes.get(each)!.deletion = null
    for (let moved = true; moved;) {
      moved = false
      for (const each of back) {
        const node = this.nodes.get(each)!
        const parent = node.parents.find((other) => this.isTrashed(other))
        if (node.deletion !== null || parent === undefined) continue
        node.deletion = this.nodes.get(parent)!.deletion
        moved = true
      }
    }
    if (!roots.some((each) => this.isTrashed(each))) return true
    for (const [each, deletion] of before) this.nodes.get(each)!.deletion = deletion
    return false
  }
}

export function randomSuite(place: Place) {
  test.group(`A random trash: ${place.name}`, (group) => {
    group.setup(async () => {
      const release = await place.connect()
      await createTables()
      return async () => {
        await empty()
        await dropTables()
        await release()
      }
    })

    test(`${OPERATIONS} operations leave what a model of them says`, async ({ assert }) => {
      const seed = Number(process.env.SOFT_DELETE_SEED ?? randomInt(2 ** 31))
      console.log(`      SOFT_DELETE_SEED=${seed}`)
      const { below, pick, some } = randomOf(seed)
      const model = new Model()
      let made = 0

      const of = (...kinds: string[]) => [...model.nodes.values()].filter(({ kind }) => kinds.includes(kind))
      const create = async () => {
        const users = of('user').map((node) => node.id)
        const kind =
          users.length < 4
            ? 'user'
            : pick(['user', 'profile', 'post', 'post', 'comment', 'comment', 'comment'] as const)
        const node: Node = { id: id(++made), kind, parents: [], deletion: null }
        const columns: Record<string, string> = {}
        const under = (column: string, parent: string) => {
          columns[column] = parent
          node.parents.push(parent)
        }
        if (kind !== 'user') under('userId', pick(users))
        if (kind === 'comment') {
          const posts = of('post')
          if (posts.length === 0) return
          under('postId', pick(posts).id)
          const comments = of('comment')
          if (comments.length > 0 && below(2) === 0) under('parentId', pick(comments).id)
        }
        const creating = (MODELS[kind] as typeof User).create({ id: node.id, name: kind, ...columns })
        if (node.parents.some(model.isTrashed)) return assert.rejects(() => creating, E_PARENT_TRASHED.message)
        await creating
        model.nodes.set(node.id, node)
      }
      const instance = async () => {
        const node = pick([...model.nodes.values()])
        return {
          node,
          row: await (MODELS[node.kind] as typeof User).query().withTrashed().where('id', node.id).firstOrFail(),
        }
      }
      const bulk = () => {
        const kind = pick(['user', 'profile', 'post', 'comment'] as const)
        const ids = some(
          of(kind).map((node) => node.id),
          6
        )
        return { ids, query: (MODELS[kind] as typeof User).query().where('name', 'nobody').orWhereIn('id', ids) }
      }
      const operations: Record<string, () => Promise<unknown>> = {
        create,
        async delete() {
          const { node, row } = await instance()
          await row.delete()
          model.delete([node.id])
          assert.isTrue(row.trashed)
        },
        async restore() {
          const { node, row } = await instance()
          if (model.restore([node.id])) await row.restore()
          else await assert.rejects(() => row.restore(), E_PARENT_TRASHED.message)
          assert.equal(row.trashed, model.isTrashed(node.id))
        },
        async bulkDelete() {
          const { ids, query } = bulk()
          const living = ids.filter((each) => !model.isTrashed(each)).length
          model.delete(ids)
          assert.deepEqual(await query.delete(), [living])
        },
        async bulkRestore() {
          const { ids, query } = bulk()
          const trashed = ids.filter(model.isTrashed).length
          if (model.restore(ids)) assert.equal(await query.restore(), trashed)
          else await assert.rejects(() => query.restore(), E_PARENT_TRASHED.message)
        },
      }

      for (let n = 0; n < OPERATIONS; n++) {
        const operation = n < 30 ? 'create' : pick([...Object.keys(operations), 'restore', 'bulkRestore'])
        await operations[operation]()
        if (n % 5 === 0 || n === OPERATIONS - 1) await compare(`${operation}, operation ${n} of seed ${seed}`)
      }

      /** The same rows are in the trash, and the same rows are in one deletion; living rows have living parents. */
      async function compare(when: string) {
        const numbers = new Map<string, number>()
        for (const [kind, table] of Object.entries(TABLES)) {
          const stored = await rows(table)
          assert.lengthOf(stored, of(kind).length, when)
          for (const row of stored) {
            const expected = model.nodes.get(row.id)!.deletion
            if ((expected === null) !== (row.deleted_at === null) || (expected === null) !== (row.deletion_id === null))
              assert.fail(`${kind} ${row.id} is ${row.deleted_at ? 'trashed' : 'living'} after ${when}`)
            if (expected === null) continue
            if (!numbers.has(row.deletion_id)) numbers.set(row.deletion_id, expected)
            if (numbers.get(row.deletion_id) !== expected)
              assert.fail(`${kind} ${row.id} is in another deletion after ${when}`)
          }
        }
        assert.equal(new Set(numbers.values()).size, numbers.size, when)
        for (const node of model.nodes.values())
          if (node.deletion === null && node.parents.some(model.isTrashed)) assert.fail(`an orphan lives after ${when}`)
      }
    })
  })
}
