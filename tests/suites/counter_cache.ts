import { setImmediate as turn } from 'node:timers/promises'
import { BaseModel, column, manyToMany } from '@adonisjs/lucid/orm'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import type { ManyToMany } from '@adonisjs/lucid/types/relations'
import { test } from '@japa/runner'
import {
  CounterCache,
  type Counters,
  type Drift,
  E_COUNTER_DECLARATION,
  E_COUNTERS_STALE,
} from '#providers/counter_cache/index'

class Reader extends BaseModel {
  static table = 'counted_readers'
  static counters: Counters = { likesCount: { of: () => Like, by: 'readerId' } }

  @column({ isPrimary: true })
  declare id: number
  @column()
  declare likesCount: number
}

class Article extends BaseModel {
  static table = 'counted_articles'
  static counters: Counters = {
    likesCount: { of: () => Like, by: 'articleId' },
    repliesCount: { of: () => Article, by: 'parentId', unless: ['archivedAt'] },
  }

  @column({ isPrimary: true })
  declare id: number
  @column()
  declare parentId: number | null
  @column()
  declare archivedAt: string | null
  @column()
  declare deletedAt: string | null
  @column()
  declare likesCount: number
  @column()
  declare repliesCount: number
  @manyToMany(() => Reader, {
    pivotTable: 'counted_likes',
    pivotForeignKey: 'article_id',
    pivotRelatedForeignKey: 'reader_id',
  })
  declare readers: ManyToMany<typeof Reader>
}

class Like extends BaseModel {
  static table = 'counted_likes'

  @column({ isPrimary: true })
  declare articleId: number
  @column()
  declare readerId: number
}

const NOW = '2026-01-01T00:00:00.000Z'

/** What the counters promise, on the database of the default connection. */
export function counterCacheSuite() {
  test.group(`Counters on ${db.primaryConnectionName}`, (group) => {
    const counters = counterCacheOf(Article, Reader)
    const isPostgres = db.primaryConnectionName === 'postgres'

    group.setup(async () => {
      await createTables()
      await counters.install()
      return async () => {
        await dropTables()
        // Those of the application, which this one does not declare.
        await (await app.container.make('counterCache')).install()
      }
    })
    group.each.setup(async () => {
      await db.from('counted_articles').delete()
      await db.from('counted_readers').delete()
      await Article.createMany([1, 2, 3].map((id) => ({ id })))
      await Reader.createMany([1, 2, 3].map((id) => ({ id })))
    })

    const countersOf = async (id: number) => {
      const { likesCount, repliesCount } = await Article.findOrFail(id)
      return [likesCount, repliesCount]
    }

    const writes: Record<string, { write: () => PromiseLike<unknown>; likes?: number; replies?: number }> = {
      create: { write: () => Like.create({ articleId: 1, readerId: 1 }), likes: 1 },
      createMany: { write: () => Like.createMany([like(1, 1), like(1, 2), like(2, 1)]), likes: 2 },
      multiInsert: { write: () => db.table('counted_likes').multiInsert([row(1, 1), row(1, 2)]), likes: 2 },
      attach: { write: async () => (await Article.findOrFail(1)).related('readers').attach([1, 2, 3]), likes: 3 },
      sync: {
        write: async () => {
          await Like.createMany([like(1, 1), like(1, 2)])
          await (await Article.findOrFail(1)).related('readers').sync([2, 3])
        },
        likes: 2,
      },
      detach: {
        write: async () => {
          await Like.createMany([like(1, 1), like(1, 2)])
          await (await Article.findOrFail(1)).related('readers').detach([1])
        },
        likes: 1,
      },
      'an upsert that meets its row': {
        write: async () => {
          await Like.create(like(1, 1))
          await db.table('counted_likes').insert(row(1, 1)).onConflict(['article_id', 'reader_id']).ignore()
        },
        likes: 1,
      },
      'a bulk delete': {
        write: async () => {
          await Like.createMany([like(1, 1), like(1, 2), like(2, 1)])
          await Like.query().where('readerId', 1).delete()
        },
        likes: 1,
      },
      'a bulk update that moves rows': {
        write: async () => {
          await Like.createMany([like(2, 1), like(2, 2)])
          await Like.query().where('articleId', 2).update({ articleId: 1 })
        },
        likes: 2,
      },
      'a cascade': {
        write: async () => {
          await Like.createMany([like(1, 1), like(1, 2)])
          await Reader.query().where('id', 2).delete()
        },
        likes: 1,
      },
      'replies, archived and brought back': {
        write: async () => {
          await Article.createMany([4, 5, 6].map((id) => ({ id, parentId: 1 })))
          await Article.query().whereIn('id', [4, 5]).update({ archivedAt: NOW })
          await Article.query().where('id', 5).update({ archivedAt: null })
        },
        replies: 2,
      },
      'replies that are soft-deleted': {
        write: async () => {
          await Article.createMany([4, 5, 6].map((id) => ({ id, parentId: 1 })))
          await Article.query().whereIn('id', [4, 5]).update({ deletedAt: NOW })
          await Article.query().where('id', 4).update({ archivedAt: NOW })
        },
        replies: 1,
      },
      'replies that go and come under another': {
        write: async () => {
          await Article.createMany([4, 5].map((id) => ({ id, parentId: 2 })))
          await Article.query().where('id', 4).update({ parentId: 1 })
          await Article.query().where('id', 5).update({ parentId: null })
        },
        replies: 1,
      },
      'what is rolled back': {
        write: async () => {
          const transaction = await db.transaction()
          await transaction.insertQuery().table('counted_likes').insert(row(1, 1))
          await transaction.rollback()
        },
      },
      'insert and delete in one transaction': {
        write: () =>
          db.transaction(async (client) => {
            await client.table('counted_likes').insert(row(1, 1))
            await client.from('counted_likes').delete()
          }),
      },
      'a write that changes nothing that counts': { write: () => Article.query().update({ likesCount: 0 }) },
    }

    test('counts {$self}')
      .with(Object.keys(writes))
      .run(async ({ assert }, name) => {
        const { write, likes = 0, replies = 0 } = writes[name]
        await write()
        assert.deepEqual(await countersOf(1), [likes, replies])
        assert.deepEqual(await driftsOf(counters), [])
      })

    if (isPostgres) {
      test('counts what TRUNCATE takes', async ({ assert }) => {
        await Like.create(like(1, 1))
        await db.rawQuery('truncate counted_likes')
        assert.deepEqual(await driftsOf(counters), [])
      })
    }

    test('stays right under 1,000 likes and unlikes of 200 readers at once', async ({ assert }) => {
      await Reader.createMany(Array.from({ length: 200 }, (_, index) => ({ id: index + 10 })))
      await atOnce(1000, 16, async (index) => {
        const readerId = (index % 200) + 10
        const isThere = await Like.query().where({ articleId: 1, readerId }).delete()
        if (isThere[0]) return
        await db.table('counted_likes').insert(row(1, readerId)).onConflict(['article_id', 'reader_id']).ignore()
      })
      const [{ total }] = await db.from('counted_likes').count('* as total')
      assert.equal((await Article.findOrFail(1)).likesCount, Number(total))
      assert.deepEqual(await driftsOf(counters), [])
    })

    test('moves once for a row that is deleted a hundred times at once', async ({ assert }) => {
      await Article.createMany([4, 5].map((id) => ({ id, parentId: 1 })))
      await atOnce(100, 16, () => Article.query().where('id', 4).update({ deletedAt: NOW }))
      assert.deepEqual(await countersOf(1), [0, 1])
      await atOnce(100, 16, () => Article.query().where('id', 4).delete())
      assert.deepEqual(await countersOf(1), [0, 1])
    })

    test('lets no two statements deadlock that count for the same rows', async ({ assert }) => {
      const articles = Array.from({ length: 400 }, (_, index) => index + 10)
      await Article.createMany(articles.map((id) => ({ id })))
      await Reader.createMany(Array.from({ length: 20 }, (_, index) => ({ id: index + 10 })))
      for (let round = 0; round < 5; round++) {
        await atOnce(20, 16, (index) => {
          // Of another size and order each, so that the databases' own order of work differs too.
          const some = articles.toSorted(() => Math.random() - 0.5).slice(0, 5 + 20 * index)
          return db.table('counted_likes').multiInsert(some.map((id) => row(id, index + 10)))
        })
        await atOnce(20, 16, (index) =>
          Like.query()
            .where('readerId', index + 10)
            .delete()
        )
      }
      assert.deepEqual(await driftsOf(counters), [])
    })

    test('finds every number that is wrong, and sets it right once', async ({ assert }) => {
      await Like.createMany([like(1, 1), like(2, 1), like(2, 2)])
      await db.from('counted_articles').where('id', 2).update({ likes_count: 7, replies_count: 1 })
      await db.from('counted_readers').where('id', 3).update({ likes_count: -1 })
      const wrong = [
        { table: 'counted_articles', column: 'likes_count', key: 2, stored: 7, actual: 2 },
        { table: 'counted_articles', column: 'replies_count', key: 2, stored: 1, actual: 0 },
        { table: 'counted_readers', column: 'likes_count', key: 3, stored: -1, actual: 0 },
      ]
      assert.deepEqual(await driftsOf(counters), wrong as any)
      assert.deepEqual(await driftsOf(counters, 'repair'), wrong as any)
      assert.deepEqual(await driftsOf(counters, 'repair'), [])
    })

    test('repairs in batches while others write', async ({ assert }) => {
      await Article.createMany(Array.from({ length: 1200 }, (_, index) => ({ id: index + 100 })))
      await db.from('counted_articles').update({ likes_count: 5 })
      let isOver = false
      const writing = Promise.all(
        Array.from({ length: 8 }, async (_, writer) => {
          for (let index = writer; !isOver; index += 7) {
            await db
              .table('counted_likes')
              .insert(row(100 + (index % 1200), 1))
              .onConflict(['article_id', 'reader_id'])
              .ignore()
            await Like.query()
              .where('articleId', 100 + ((index * 3) % 1200))
              .delete()
            await turn()
          }
        })
      )
      const repaired = await driftsOf(counters, 'repair')
      isOver = true
      await writing
      assert.isAtLeast(repaired.length, 1000)
      assert.deepEqual(await driftsOf(counters), [])
    })

    test('finds triggers that are missing, disabled or others, by name, and mends them', async ({ assert }) => {
      const on = isPostgres ? ' on counted_likes' : ''
      const damages = [`drop trigger counters_counted_likes_insert${on}`]
      if (isPostgres) {
        damages.push(
          'alter table counted_likes disable trigger counters_counted_likes_insert',
          `create or replace function counters_counted_likes_insert() returns trigger language plpgsql as 'begin return null; end'`
        )
      }
      for (const damage of damages) {
        await db.rawQuery(damage)
        await assert.rejects(() => counters.check(), E_COUNTERS_STALE)
        assert.match((await counters.problems()).join(), /"counted_likes" .* counters_counted_likes_insert/)
        assert.deepEqual(await counters.install(), ['counted_likes'])
        assert.deepEqual(await counters.install(), [])
        assert.deepEqual(await counters.problems(), [])
      }
    })

    test('finds a declaration that was changed, and one that was taken back', async ({ assert }) => {
      class Changed extends Article {
        static counters: Counters = {
          likesCount: { of: () => Like, by: 'articleId' },
          repliesCount: { of: () => Article, by: 'parentId' },
        }
      }
      const changed = counterCacheOf(Changed, Reader)
      assert.match((await changed.problems()).join(), /"counted_articles" has an older or another trigger/)
      const fewer = counterCacheOf(Reader)
      assert.match((await fewer.problems()).join(), /"counted_articles" has the undeclared trigger/)
      assert.includeMembers(await fewer.install(), ['counted_articles'])
      assert.deepEqual(await fewer.problems(), [])
      await counters.install()
    })

    test('refuses a declaration of what is not there', async ({ assert }) => {
      class Wrong extends Article {
        static counters: Counters = { likesCount: { of: () => Like, by: 'bookId' } }
      }
      class Missing extends Reader {
        static table = 'counted_nobody'
      }
      await assert.rejects(() => counterCacheOf(Wrong).install(), E_COUNTER_DECLARATION)
      await assert.rejects(() => counterCacheOf(Missing).install(), 'there is no table "counted_nobody"')
      assert.deepEqual(await counters.problems(), [])
    })
  })
}

const like = (articleId: number, readerId: number) => ({ articleId, readerId })
const row = (article: number, reader: number) => ({ article_id: article, reader_id: reader })

function counterCacheOf(...models: (typeof BaseModel)[]) {
  return new CounterCache(db as any, { models: models.map((model) => async () => ({ default: model })) })
}

async function driftsOf(counters: CounterCache, how: 'verify' | 'repair' = 'verify'): Promise<Drift[]> {
  const found: Drift[] = []
  for await (const { drifts } of counters[how]()) found.push(...drifts)
  return found
}

/** Does something so often, so much of it at once. */
async function atOnce(times: number, width: number, work: (index: number) => PromiseLike<unknown>) {
  let next = 0
  const worker = async () => {
    while (next < times) await work(next++)
  }
  await Promise.all(Array.from({ length: width }, worker))
}

async function createTables() {
  await db.connection().schema.createTable('counted_readers', (table) => {
    table.integer('id').primary()
    table.integer('likes_count').notNullable().defaultTo(0)
  })
  await db.connection().schema.createTable('counted_articles', (table) => {
    table.integer('id').primary()
    table.integer('parent_id').references('counted_articles.id').onDelete('SET NULL')
    table.string('archived_at')
    table.string('deleted_at')
    table.integer('likes_count').notNullable().defaultTo(0)
    table.integer('replies_count').notNullable().defaultTo(0)
  })
  await db.connection().schema.createTable('counted_likes', (table) => {
    table.integer('article_id').notNullable().references('counted_articles.id').onDelete('CASCADE')
    table.integer('reader_id').notNullable().references('counted_readers.id').onDelete('CASCADE')
    table.primary(['article_id', 'reader_id'])
    table.index('reader_id')
  })
}

async function dropTables() {
  for (const table of ['counted_likes', 'counted_articles', 'counted_readers'])
    await db.connection().schema.dropTable(table)
}
