import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { test } from '@japa/runner'
import { E_PARENT_TRASHED, E_PURGED, purge } from '#providers/soft_delete/index'
import { eventually } from '#tests/helpers'
import { Comment, Post, User } from './models.js'
import { createTables, dropTables, empty, id, type Place, rows } from './tables.js'
import { randomOf } from '#tests/random'
import { everything, family } from './writing.js'

/**
 * On PostgreSQL the two sides are two connections, and the second waits for a lock; on SQLite they wait for the only
 * connection. What is promised is the same.
 */
export function concurrencySuite(place: Place) {
  test.group(`The trash under concurrency: ${place.name}`, (group) => {
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

    const isBlocked = async () => {
      const { rows: waiting } = await db.rawQuery(
        `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
      )
      return waiting.length > 0
    }

    /** Does `first` in a transaction, and `second` while that is open; then commits, and gives the outcome of the second. */
    const race = async (
      first: (client: TransactionClientContract) => Promise<unknown>,
      second: () => Promise<unknown>
    ) => {
      const transaction = await db.connection(isPostgres ? 'other' : 'trash').transaction()
      await first(transaction)
      const outcome = second().then(
        () => 'done',
        (error) => error.code ?? error
      )
      if (isPostgres) await eventually(isBlocked, 'the second waits for the first')
      await transaction.commit()
      return outcome
    }
    const of = (model: any, key: string, client?: TransactionClientContract) =>
      model.query({ client }).withTrashed().where('id', key).firstOrFail()

    test('who makes a child while its parent is deleted waits, and is refused', async ({ assert }) => {
      const { post, bert } = await family()
      const outcome = await race(
        async (client) => (await of(Post, post.id, client)).delete(),
        () => Comment.create({ id: id(20, 4), postId: post.id, userId: bert.id })
      )
      assert.equal(outcome, E_PARENT_TRASHED.code)
      assert.lengthOf(await rows('sd_comments'), 4)
    })

    for (const guard of [true, false]) {
      test(`a delete waits for who makes a child, and takes it along; guard: ${guard}`, async ({ assert }) => {
        const { post, bert } = await family()
        const outcome = await race(
          async (client) => {
            Comment.softDeletes.guard = guard
            await Comment.create({ id: id(20, 4), postId: post.id, userId: bert.id }, { client })
            delete Comment.softDeletes.guard
          },
          () => post.delete()
        )
        assert.equal(outcome, 'done')
        assert.include(await everything(), '4/20')
      })
    }

    test('a child deleted first keeps its own deletion', async ({ assert }) => {
      const { post, comment } = await family()
      await race(
        async (client) => (await of(Comment, comment.id, client)).delete(),
        () => post.delete()
      )
      const [child] = await rows('sd_comments')
      assert.notEqual(child.deletion_id, post.deletionId)
      await post.restore()
      assert.deepEqual(await everything(), ['4/1', '4/3'])
    })

    test('a child that its parent took first stays in that deletion', async ({ assert }) => {
      const { post, comment } = await family()
      await race(
        async (client) => (await of(Post, post.id, client)).delete(),
        () => comment.delete()
      )
      assert.equal(comment.deletionId, (await of(Post, post.id)).deletionId)
      await (await of(Post, post.id)).restore()
      assert.isEmpty(await everything())
    })

    test('a restore waits for the deletion of the parent, and is refused', async ({ assert }) => {
      const { post, comment } = await family()
      await comment.delete()
      const outcome = await race(
        async (client) => (await of(Post, post.id, client)).delete(),
        () => comment.restore()
      )
      assert.equal(outcome, E_PARENT_TRASHED.code)
      assert.deepEqual(await everything(), ['3/1', '4/1', '4/3'])
    })

    test('a deletion of the parent waits for a restore, and takes what came back', async ({ assert }) => {
      const { post, comment } = await family()
      await comment.delete()
      const outcome = await race(
        async (client) => (await of(Comment, comment.id, client)).restore(),
        () => post.delete()
      )
      assert.equal(outcome, 'done')
      const stored = await rows('sd_comments')
      assert.deepEqual(
        new Set(stored.filter((row) => row.deletion_id).map((row) => row.deletion_id)),
        new Set([post.deletionId])
      )
    })

    test('of a hundred deletions at once one counts', async ({ assert }) => {
      await family()
      const counts = await Promise.all(Array.from({ length: 100 }, () => Post.query().where('id', id(1, 3)).delete()))
      assert.equal(
        counts.flat().reduce((sum: number, count: number) => sum + count, 0),
        1
      )
      const restored = await Promise.all(Array.from({ length: 20 }, () => Post.query().where('id', id(1, 3)).restore()))
      assert.equal(
        restored.reduce((sum, count) => sum + count, 0),
        1
      )
      assert.isEmpty(await everything())
    })

    test('a purge leaves out who is being restored', async ({ assert }) => {
      if (!isPostgres) return
      const { post } = await family()
      await post.delete()
      const transaction = await db.connection('other').transaction()
      await (await of(Post, post.id, transaction)).restore()
      for await (const batch of purge({ model: Post, olderThan: 0 })) assert.fail(JSON.stringify(batch))
      await transaction.commit()
      assert.isEmpty(await everything())
      assert.lengthOf(await rows('sd_posts'), 2)
    })

    test('a restore waits for a purge, and says that the row is gone', async ({ assert }) => {
      const { post } = await family()
      await post.delete()
      let restoring: Promise<unknown> | undefined
      Post.softDeletes.beforePurge = async () => {
        restoring = post.restore().catch((error) => error.code)
        if (isPostgres) await eventually(isBlocked, 'the restore waits for the purge')
      }
      const batches = await Array.fromAsync(purge({ model: Post, olderThan: -1 + 1 }))
      delete Post.softDeletes.beforePurge
      assert.deepEqual(batches, [{ rows: 1, counts: { sd_comments: 2, sd_posts: 1 } }])
      assert.equal(await restoring, E_PURGED.code)
    })

    test('a storm of deletions and restores leaves no orphan, and no deadlock', async ({ assert }) => {
      await family()
      const seed = Number(process.env.SOFT_DELETE_SEED ?? Date.now() % 2 ** 31)
      const { pick, below } = randomOf(seed)
      const ids: [any, string][] = [1, 2].flatMap((n): [any, string][] => [
        [User, id(n, 1)],
        [Post, id(n, 3)],
        [Comment, id(n, 4)],
        [Comment, id(n + 2, 4)],
      ])
      const allowed = new Set<string>([E_PARENT_TRASHED.code])
      let made = 100
      const operate = async () => {
        const [model, key] = pick(ids)
        const chance = below(5)
        if (chance === 0)
          await Comment.create({ id: id(++made, 4), postId: id(1, 3), userId: id(2, 1), parentId: id(1, 4) })
        else if (chance < 3) await model.query().where('id', key).delete()
        else await model.query().where('id', key).restore()
      }
      const worker = async () => {
        for (let n = 0; n < 50; n++) {
          await operate().catch((error) => {
            if (!allowed.has(error.code)) throw error
          })
        }
      }
      await Promise.all(Array.from({ length: 8 }, worker))

      const client = db.connection('trash')
      const orphans = client
        .from('sd_comments as c')
        .join('sd_posts as p', 'p.id', 'c.post_id')
        .join('sd_users as u', 'u.id', 'c.user_id')
        .leftJoin('sd_comments as parent', 'parent.id', 'c.parent_id')
        .whereNull('c.deleted_at')
        .where((query) =>
          query.whereNotNull('p.deleted_at').orWhereNotNull('u.deleted_at').orWhereNotNull('parent.deleted_at')
        )
      assert.isEmpty(await orphans, `seed ${seed}`)
      for (const table of ['sd_users', 'sd_posts', 'sd_comments']) {
        for (const row of await rows(table))
          assert.equal(row.deleted_at === null, row.deletion_id === null, `seed ${seed}`)
      }
    })
  })
}
