import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import {
  E_PARENT_TRASHED,
  E_PURGED,
  E_RESTORE_CONFLICT,
  E_SOFT_DELETE_CONFIG,
  SoftDelete,
} from '#providers/soft_delete/index'
import { countStatements } from '#tests/statements'
import { compose } from '@adonisjs/core/helpers'
import { BaseModel, manyToMany } from '@adonisjs/lucid/orm'
import { Club, Comment, Post, Profile, Tag, User } from './models.js'
import { createTables, dropTables, empty, id, type Place, rows } from './tables.js'

/** A user with a profile, two posts, and under each post a comment of another user with a reply. */
export async function family() {
  const ada = await User.create({ id: id(1, 1), name: 'ada', handle: 'ada' })
  const bert = await User.create({ id: id(2, 1), name: 'bert', handle: 'bert' })
  await Profile.create({ id: id(1, 2), userId: ada.id })
  for (const number of [1, 2]) {
    await Post.create({ id: id(number, 3), userId: ada.id, name: `post ${number}`, score: number })
    await Comment.create({ id: id(number, 4), postId: id(number, 3), userId: bert.id })
    await Comment.create({ id: id(number + 2, 4), postId: id(number, 3), userId: ada.id, parentId: id(number, 4) })
  }
  return { ada, bert, post: await Post.findOrFail(id(1, 3)), comment: await Comment.findOrFail(id(1, 4)) }
}

/** The ids in the trash, without what is the same in all of them. */
export async function trashed(...tables: string[]): Promise<string[]> {
  const all = await Promise.all(tables.map(async (table) => (await rows(table)).filter((row) => row.deleted_at)))
  return all.flat().map((row) => `${Number(row.id.slice(24, 28))}/${Number(row.id.slice(28))}`)
}

export const everything = () => trashed('sd_users', 'sd_profiles', 'sd_posts', 'sd_comments')

export function writingSuite(place: Place) {
  test.group(`Deleting and restoring: ${place.name}`, (group) => {
    group.setup(async () => {
      const release = await place.connect()
      await createTables()
      return async () => {
        await dropTables()
        await release()
      }
    })
    group.each.setup(empty)

    test('an instance goes to the trash and comes back, twice to no effect', async ({ assert }) => {
      const { comment } = await family()
      const reply = await Comment.findOrFail(id(3, 4))
      await reply.delete()
      assert.isTrue(reply.trashed)
      assert.isFalse(reply.$isDeleted)
      assert.isFalse(reply.$isDirty)
      const [, , row] = await rows('sd_comments')
      assert.equal(row.deletion_id, reply.deletionId)
      assert.equal(new Date(row.deleted_at).getTime(), reply.deletedAt!.toMillis())

      const { deletionId } = reply
      await reply.delete()
      await (await Comment.query().withTrashed().where('id', reply.id).firstOrFail()).delete()
      await Comment.query().where('id', reply.id).delete()
      await Comment.query().withTrashed().where('id', reply.id).delete()
      assert.equal((await rows('sd_comments'))[2].deletion_id, deletionId)

      await reply.restore()
      await reply.restore()
      await comment.restore()
      assert.isFalse(reply.trashed)
      assert.isNull(reply.deletionId)
      assert.isEmpty(await everything())
    })

    test('runs the delete hooks once, and none quietly', async ({ assert }) => {
      const { post, comment } = await family()
      const ran: string[] = []
      Post.before('delete', (each) => void ran.push(`before ${(each as Post).trashed}`))
      Post.after('delete', (each) => void ran.push(`after ${(each as Post).trashed}`))
      await post.delete()
      await post.delete()
      assert.deepEqual(ran, ['before false', 'after true'])
      await post.restore()
      await post.deleteQuietly()
      await comment.deleteQuietly()
      assert.lengthOf(ran, 2)
      Post.$hooks.clear('before:delete')
      Post.$hooks.clear('after:delete')
    })

    test('a trashed instance can be changed, refreshed and deleted for good', async ({ assert }) => {
      await family()
      const tag = await Tag.create({ id: id(1, 5), name: 'sea' })
      await tag.delete()
      await tag.merge({ name: 'ocean' }).save()
      assert.equal((await rows('sd_tags'))[0].name, 'ocean')
      assert.equal((await tag.refresh()).name, 'ocean')
      await tag.forceDelete()
      assert.isTrue(tag.$isDeleted)
      assert.isEmpty(await rows('sd_tags'))
    })

    test('a delete by somebody faster counts', async ({ assert }) => {
      const { comment } = await family()
      const other = await Comment.findOrFail(comment.id)
      await other.delete()
      await comment.delete()
      assert.equal(comment.deletionId, other.deletionId)
    })

    test('deletes in bulk with one statement, softly', async ({ assert }) => {
      await family()
      const statements = await countStatements(async () => {
        assert.deepEqual(await Profile.query().where('name', 'x').orWhere('id', id(1, 2)).delete(), [1])
      })
      assert.equal(statements, 1)
      assert.deepEqual(await everything(), ['2/1'])
      assert.deepEqual(await Profile.query().delete(), [0])
      assert.equal(await Profile.query().where('id', id(1, 2)).restore(), 1)
      assert.equal(await Profile.query().restore(), 0)
      assert.isEmpty(await everything())
    })

    test('a bulk delete is one deletion, keeps its limit and order, and returns what was asked for', async ({
      assert,
    }) => {
      await Tag.createMany([1, 2, 3, 4].map((number) => ({ id: id(number, 5), name: `t${number}` })))
      assert.deepEqual(await Tag.query().orderBy('id', 'desc').limit(2).delete(), [2])
      assert.deepEqual(await trashed('sd_tags'), ['5/3', '5/4'])
      const [, , one, two] = await rows('sd_tags')
      assert.equal(one.deletion_id, two.deletion_id)
      const returned: any[] = await Tag.query().where('id', id(1, 5)).returning('id').delete()
      assert.deepEqual(returned, place.name === 'PostgreSQL' ? [{ id: id(1, 5) }] : [1])
    })

    test('a delete through a relation is soft, and one of pivot rows is not', async ({ assert }) => {
      const { ada, post } = await family()
      await post.related('tags').createMany([
        { id: id(1, 5), name: 'sea' },
        { id: id(2, 5), name: 'sky' },
      ])
      assert.deepEqual(await post.related('comments').query().where('userId', ada.id).delete(), [1])
      assert.deepEqual(await everything(), ['4/3'])
      await post.related('comments').query().restore()
      await ada.related('profile').query().delete()
      assert.deepEqual(await everything(), ['2/1'])

      await post.related('tags').detach([id(1, 5)])
      assert.lengthOf(await rows('sd_tags'), 2)
      await post.related('tags').attach([id(1, 5)])
      await post.related('tags').sync([id(2, 5)])
      await post.related('tags').pivotQuery().where('tag_id', id(2, 5)).delete()
      assert.isEmpty(await db.connection('trash').from('sd_post_tags'))
      await post.related('tags').attach([id(1, 5)])
      await post.related('tags').query().delete()
      assert.isEmpty(await db.connection('trash').from('sd_post_tags'))
      assert.isEmpty(await trashed('sd_tags'))
    })

    test('bulk updates see the living, unless told otherwise', async ({ assert }) => {
      await family()
      await Post.query().where('id', id(1, 3)).delete()
      assert.deepEqual(await Post.query().where('score', 1).orWhere('score', 2).update({ name: 'x' }), [1])
      assert.deepEqual(await Post.query().increment('score', 10), [1])
      assert.deepEqual(await Post.query().onlyTrashed().decrement('score', 1), [1])
      assert.deepEqual(
        (await rows('sd_posts')).map(({ score }) => score),
        [0, 12]
      )
    })

    test('makes a new row where the old one is in the trash', async ({ assert }) => {
      const { ada } = await family()
      await ada.delete()
      const made = [
        await User.firstOrCreate({ handle: 'ada' }, { id: id(11, 1), name: 'new' }),
        await User.updateOrCreate({ handle: 'ada' }, { id: id(11, 1), name: 'newer' }),
        ...(await User.fetchOrCreateMany('handle', [{ id: id(12, 1), handle: 'ada', name: 'x' }])),
        ...(await User.updateOrCreateMany('handle', [{ id: id(11, 1), handle: 'ada', name: 'newest' }])),
      ]
      assert.deepEqual(new Set(made.map((each) => each.id)), new Set([id(11, 1)]))
      assert.lengthOf(await rows('sd_users'), 3)
    })

    test('forceDelete in bulk deletes for good what the query shows', async ({ assert }) => {
      await Tag.createMany([1, 2, 3].map((number) => ({ id: id(number, 5), name: 't' })))
      await Tag.query().where('id', id(1, 5)).delete()
      assert.deepEqual(await Tag.query().where('id', id(2, 5)).forceDelete(), [1])
      assert.deepEqual(await Tag.query().onlyTrashed().forceDelete(), [1])
      assert.deepEqual(
        (await rows('sd_tags')).map((row) => row.id),
        [id(3, 5)]
      )
      assert.deepEqual(await Tag.query().withTrashed().forceDelete(), [1])
    })

    test('forceDelete of an instance takes its descendants first', async ({ assert }) => {
      const { ada } = await family()
      await ada.forceDelete()
      assert.lengthOf(await rows('sd_users'), 1)
      assert.isEmpty(await rows('sd_posts'))
      assert.isEmpty(await rows('sd_comments'))
    })

    test('a deletion takes all living descendants with one id, and a restore brings exactly those back', async ({
      assert,
    }) => {
      const { ada, post } = await family()
      await (await Comment.findOrFail(id(3, 4))).delete()
      await post.delete()
      assert.deepEqual(await everything(), ['3/1', '4/1', '4/3'])
      await ada.delete()
      assert.deepEqual(await everything(), ['1/1', '2/1', '3/1', '3/2', '4/1', '4/2', '4/3', '4/4'])
      await ada.restore()
      assert.deepEqual(await everything(), ['3/1', '4/1', '4/3'])
      await post.restore()
      assert.deepEqual(await everything(), ['4/3'])
      assert.isTrue((await rows('sd_posts')).every((row) => row.deletion_id === null))
    })

    test('a restore of one row of a bulk delete leaves the others and what they took', async ({ assert }) => {
      const { ada } = await family()
      await ada.related('posts').query().delete()
      await (await Post.query().onlyTrashed().where('id', id(2, 3)).firstOrFail()).restore()
      assert.deepEqual(await everything(), ['3/1', '4/1', '4/3'])
      assert.equal(await ada.related('posts').query().restore(), 1)
      assert.isEmpty(await everything())
    })

    test('refuses to restore a child under a parent in the trash', async ({ assert }) => {
      const { ada } = await family()
      await ada.delete()
      const reply = await Comment.query().onlyTrashed().where('id', id(3, 4)).firstOrFail()
      const before = await everything()
      await assert.rejects(() => reply.restore(), E_PARENT_TRASHED.message)
      await assert.rejects(() => Post.query().restore(), E_PARENT_TRASHED.message)
      assert.deepEqual(await everything(), before)
      assert.isTrue(reply.trashed)
    })

    test('leaves in the trash what hangs on somebody else there, and hands it over to their deletion', async ({
      assert,
    }) => {
      const { bert, post } = await family()
      await post.delete()
      await bert.delete()
      await post.restore()
      assert.deepEqual(await everything(), ['1/2', '4/1', '4/2', '4/3', '4/4'])
      await bert.restore()
      assert.isEmpty(await everything())
    })

    test('refuses a restore whose unique value was taken, and restores nothing', async ({ assert }) => {
      const { ada } = await family()
      await ada.delete()
      const other = await User.create({ id: id(9, 1), name: 'other', handle: 'ada' })
      const before = await everything()
      const error = await ada.restore().catch((caught) => caught)
      assert.instanceOf(error, E_RESTORE_CONFLICT)
      assert.containsSubset({ ...error }, { table: 'sd_users', columns: ['handle'] })
      assert.equal(error.status, 409)
      assert.deepEqual(await everything(), before)
      await db.connection('trash').transaction(async (client) => {
        await assert.rejects(() => User.query({ client }).restore(), error.message)
        await User.query({ client }).where('id', other.id).update({ name: 'still usable' })
      })
      assert.equal((await User.findOrFail(other.id)).name, 'still usable')
      await other.delete()
      await ada.restore()
      assert.deepEqual(await everything(), ['1/9'])
    })

    test('runs in the transaction of the caller', async ({ assert }) => {
      const { ada } = await family()
      const transaction = await db.connection('trash').transaction()
      await ada.useTransaction(transaction).delete()
      await Post.query({ client: transaction })
        .onlyTrashed()
        .restore()
        .catch(() => undefined)
      await transaction.rollback()
      assert.isEmpty(await everything())
    })

    test('refuses a new child, and one that moves, under a parent in the trash', async ({ assert }) => {
      const { bert, post, comment } = await family()
      await Post.query().where('id', id(2, 3)).delete()
      const row = { id: id(20, 4), postId: id(2, 3), userId: bert.id }
      await assert.rejects(() => Comment.create(row), E_PARENT_TRASHED.message)
      await assert.rejects(() => Comment.createQuietly(row), E_PARENT_TRASHED.message)
      await assert.rejects(() => Comment.createMany([row]), E_PARENT_TRASHED.message)
      await assert.rejects(() => comment.merge({ postId: id(2, 3) }).save(), E_PARENT_TRASHED.message)
      Comment.softDeletes.guard = false
      await Comment.create(row)
      delete Comment.softDeletes.guard
      await post.related('comments').create({ id: id(21, 4), userId: bert.id })
      assert.lengthOf(await post.related('comments').query(), 3)
    })

    test('says that the row is gone', async ({ assert }) => {
      const tag = await Tag.create({ id: id(1, 5), name: 't' })
      await tag.delete()
      await Tag.query().onlyTrashed().forceDelete()
      await assert.rejects(() => tag.restore(), E_PURGED.message)
    })

    test('refuses declarations that it cannot keep', async ({ assert }) => {
      class Folder extends compose(BaseModel, SoftDelete) {
        static connection = 'trash'
        static softDeletes = { cascade: ['missing'] }
        @manyToMany(() => Tag)
        declare tags: any
        @manyToMany(() => Club)
        declare clubs: any
      }
      Folder.boot()
      await assert.rejects(
        () => Folder.query().delete(),
        /Folder.softDeletes.cascade: "missing" is no hasOne or hasMany/
      )
      assert.equal(E_SOFT_DELETE_CONFIG.status, 500)
      Folder.softDeletes.cascade = []
    })

    test('the statements do not grow with the rows', async ({ assert }) => {
      const make = async (count: number) => {
        await empty()
        const user = await User.create({ id: id(1, 1), name: 'ada' })
        const numbers = Array.from({ length: count }, (_, index) => index + 1)
        const insert = async (table: string, values: object[]) => {
          for (let from = 0; from < values.length; from += 200)
            await db
              .connection('trash')
              .table(table)
              .multiInsert(values.slice(from, from + 200))
        }
        await insert(
          'sd_posts',
          numbers.slice(0, count / 10).map((n) => ({ id: id(n, 3), user_id: user.id }))
        )
        await insert(
          'sd_comments',
          numbers.map((n) => ({ id: id(n, 4), user_id: user.id, post_id: id((n % (count / 10)) + 1, 3) }))
        )
        await insert(
          'sd_comments',
          numbers.map((n) => ({ id: id(n + count, 4), user_id: user.id, post_id: id(1, 3), parent_id: id(n, 4) }))
        )
        await (await Comment.findOrFail(id(1, 4))).delete()
        return user
      }
      const measure = async (count: number) => {
        const user = await make(count)
        const deleting = await countStatements(() => user.delete())
        assert.lengthOf(await everything(), 1 + count / 10 + 2 * count)
        const restoring = await countStatements(() => user.restore())
        assert.deepEqual(await everything(), ['4/1', `4/${count + 1}`])
        return { deleting, restoring }
      }
      const few = await measure(20)
      assert.deepEqual(await measure(5000), few)
      assert.isBelow(few.deleting, 13)
      assert.isBelow(few.restoring, 30)
      console.log(`      statements on ${place.name}: ${few.deleting} to delete, ${few.restoring} to restore`)
    })
  })
}
