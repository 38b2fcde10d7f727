import { BaseModel, ModelQueryBuilder } from '@adonisjs/lucid/orm'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { CHAINS } from './chains.js'
import { Post, User } from './models.js'
import { createTables, dropTables, empty, id, type Place } from './tables.js'
import { RELATIONS, WAYS } from './relations.js'
import { fill } from './sample.js'

/** The static methods of a model that read, each asked for more than the living. */
const STATICS: Record<string, () => Promise<any>> = {
  all: () => Post.all(),
  query: async () => Post.query().where('score', '>', 0).orWhere('score', '<', 1),
  findMany: () => Post.findMany(NUMBERS.map((number) => id(number, 3))),
  findManyBy: async () => (await Promise.all(NUMBERS.map((score) => Post.findManyBy({ score })))).flat(),
  findBy: () => each((score) => Post.findBy({ score })),
  findByOrFail: () => each((score) => Post.findByOrFail({ score })),
  find: () => each((number) => Post.find(id(number, 3))),
  findOrFail: () => each((number) => Post.findOrFail(id(number, 3))),
  firstOrNew: () => each(async (score) => persisted(await Post.firstOrNew({ score }, { name: 'new' }))),
  fetchOrNewUpMany: async () => {
    const wanted = NUMBERS.map((number) => ({ id: id(number, 3), name: 'new' }))
    return (await Post.fetchOrNewUpMany('id', wanted)).filter((post) => post.$isPersisted)
  },
}

/** Those that write too: what they find is tested with the writes. */
const WRITING =
  'create createQuietly createMany createManyQuietly firstOrCreate updateOrCreate fetchOrCreateMany updateOrCreateMany truncate'
/** First rows and paginators, which have tests of their own. */
const OTHERS =
  'first firstOrFail paginate withAggregate withCount whereHas orWhereHas andWhereHas whereDoesntHave orWhereDoesntHave andWhereDoesntHave has orHas andHas doesntHave orDoesntHave andDoesntHave preload preloadOnce pojo toQuery toSQL rightJoin rightOuterJoin fullOuterJoin distinctOn forUpdate forShare withMaterialized withNotMaterialized withSchema'
const WRITES = 'increment decrement update del delete'
/** Methods that say nothing about which rows come back. */
const NEUTRAL = `constructor useAdapter newUpWithOptions newUpIfMissing transaction $createFromAdapterResult
  $createMultipleFromAdapterResult $getColumnAlias columnsForSelect $addColumn $hasColumn $getColumn $addComputed
  $hasComputed $getComputed $addHasOne $addHasMany $addBelongsTo $addManyToMany $addHasManyThrough $addRelation
  $hasRelation $getRelation $defineProperty boot before after execQuery ensureCanPerformWrites addWhereHas getQueryData
  getRelationship reporterData rowTransformer returning withScopes apply usePreloader sideload debug timeout
  useTransaction exec then catch finally getRecentStackItem getWrappingMethod applyWhere validateWhereSingleArgument
  getBetweenPair normalizeAggregateColumns resolveColumn resolveKey applyQueryFlags transformValue transformCallback
  transformRaw skipLocked noWait as withTrashed onlyTrashed restore forceDelete`
const JSONS = /^(or|and)?where(not)?json/i

const NUMBERS = Array.from({ length: 18 }, (_, index) => index + 1)

const persisted = (post: Post) => (post.$isPersisted ? post : null)

async function each(find: (number: number) => Promise<Post | null>): Promise<Post[]> {
  const found = await Promise.all(NUMBERS.map((number) => find(number).catch(() => null)))
  return found.filter((post) => post !== null)
}

const methodsOf = (object: object) =>
  Object.entries(Object.getOwnPropertyDescriptors(object))
    .filter(([, { value }]) => typeof value === 'function')
    .map(([name]) => name)

/** The rows as text, in an order of their own. */
const told = (rows: any[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort()

async function pairsOf(sql: string): Promise<{ parent: string; child: string }[]> {
  const result = await db.connection('trash').rawQuery(sql)
  return result.rows ?? result
}

const byHand = (table: string) =>
  db.connection('trash').knexRawQuery('(select * from ?? where deleted_at is null) as ??', [table, table])

const living = (table: string) => db.connection('trash').from(table).whereNull('deleted_at')

export function readingSuite(place: Place) {
  test.group(`Reading with a trash: ${place.name}`, (group) => {
    group.setup(async () => {
      const release = await place.connect()
      await createTables()
      await fill()
      return async () => {
        await empty()
        await dropTables()
        await release()
      }
    })

    const livingPosts = async () => told((await living('sd_posts')).map((row) => ({ id: row.id })))
    const idsOf = (posts: Post[]) => told(posts.map((post) => ({ id: post.id })))

    test('knows all methods of models and query builders', ({ assert }) => {
      const known = new Set([
        ...Object.keys(CHAINS),
        ...Object.keys(STATICS),
        ...[WRITING, OTHERS, WRITES, NEUTRAL].flatMap((names) => names.split(/\s+/)),
      ])
      const builder = ModelQueryBuilder.prototype
      const methods = [BaseModel, builder, Object.getPrototypeOf(builder)].flatMap(methodsOf)
      const unknown = methods.filter((name) => !known.has(name) && !JSONS.test(name))
      assert.deepEqual(unknown, [], 'say in this file how they are tested')
    })

    for (const [name, chain] of Object.entries(CHAINS)) {
      test(`hides trashed rows: ${name}`, async ({ assert }) => {
        const expected = chain(db.connection('trash').from(living('sd_posts').as('sd_posts')), byHand)
        const found = await chain(Post.query(), (table) => table).pojo()
        assert.deepEqual(told(found), told(await expected))
      })
    }

    for (const [name, find] of Object.entries(STATICS)) {
      test(`hides trashed rows: Model.${name}`, async ({ assert }) => {
        assert.deepEqual(idsOf(await find()), await livingPosts())
      })
    }

    for (const [relation, { model, pairs }] of Object.entries(RELATIONS)) {
      for (const [way, read] of Object.entries(WAYS)) {
        test(`hides trashed rows: ${relation}, ${way}`, async ({ assert }) => {
          const name = relation.split('.')[1]
          const parents = new Set<string>((await model.query()).map((row: any) => row.id as string))
          const linked: { parent: string; child: string }[] = await pairsOf(pairs)
          const found = linked.filter(({ parent }) => parents.has(parent))
          const { actual, expected } = await read(model, name, [...parents], found)
          assert.deepEqual(actual.sort(), expected.sort())
          assert.isNotEmpty(found)
        })
      }
    }

    test('counts living rows in the total of a page', async ({ assert }) => {
      const total = (await livingPosts()).length
      const page = await Post.query().where('score', '>', 0).orWhere('name', 'n1').orderBy('id').paginate(2, 4)
      assert.equal(page.total, total)
      assert.lengthOf(page.all(), 4)
      assert.equal((await Post.query().withTrashed().paginate(1, 4)).total, 18)
      assert.equal((await Post.query().onlyTrashed().paginate(1, 4)).total, 18 - total)
    })

    test('finds the first living row', async ({ assert }) => {
      const [first] = await living('sd_posts').orderBy('id').limit(1)
      const [trashed] = await db.connection('trash').from('sd_posts').whereNotNull('deleted_at').limit(1)
      assert.equal((await Post.query().orderBy('id').first())!.id, first.id)
      assert.isNull(await Post.query().where('id', trashed.id).first())
      assert.isNull(await Post.find(trashed.id))
      await assert.rejects(() => Post.query().where('id', trashed.id).firstOrFail(), 'Row not found')
      await assert.rejects(() => Post.findOrFail(trashed.id), 'Row not found')
      assert.exists(await Post.first())
      assert.exists(await Post.firstOrFail())
    })

    test('shows what was asked for', async ({ assert }) => {
      const count = (await livingPosts()).length
      assert.lengthOf(await Post.query().withTrashed(), 18)
      assert.lengthOf(await Post.query().withTrashed().where('score', 1).orWhere('score', '>', 1).clone(), 18)
      assert.lengthOf(await Post.query().onlyTrashed().where('score', 1).orWhere('score', '>', 0), 18 - count)
      const posts = await Post.query().onlyTrashed()
      assert.isTrue(posts.every(({ trashed }) => trashed))
    })

    test('hides trashed rows of an alias, and of each kind of outer join', async ({ assert }) => {
      const aliased = await Post.query()
        .from({ p: 'sd_posts' })
        .where('p.score', '>', 0)
        .orWhere('p.score', 1)
        .select('p.id')
        .pojo<any>()
      assert.deepEqual(told(aliased), await livingPosts())
      for (const join of ['rightJoin', 'rightOuterJoin', 'fullOuterJoin'] as const) {
        const found = await Post.query()
          [join]('sd_users as author', 'author.id', 'sd_posts.user_id')
          .select('sd_posts.deleted_at as post', 'author.deleted_at as author', 'author.id')
          .pojo<any>()
        assert.isNotEmpty(found)
        assert.isTrue(found.every(({ post, author }) => !post && !author))
      }
    })

    test('compiles conditions on JSON, locks and materialised queries with the filter', ({ assert }) => {
      const builder = Object.getPrototypeOf(ModelQueryBuilder.prototype)
      const isPostgres = place.name === 'PostgreSQL'
      for (const method of methodsOf(builder).filter((name) => JSONS.test(name))) {
        const query: any = Post.query().where('score', 1)
        if (!isPostgres && /(sub|super)set/i.test(method)) continue
        const sql = query[method]('name', ...(/path/i.test(method) ? ['$.a', '=', 1] : [{ a: 1 }]))
          .orWhere('score', 2)
          .toQuery()
        assert.match(sql, /where \(.* or .score. = 2\) and .sd_posts.\..deleted_at. is null$/, method)
      }
      const own = /.sd_posts.\..deleted_at. is null/
      assert.match(Post.query().forUpdate().toQuery(), own)
      assert.match(Post.query().forShare().toSQL().sql, own)
      if (isPostgres) assert.match(Post.query().distinctOn('id').toQuery(), own)
      assert.match(Post.query().withSchema('elsewhere').toQuery(), own)
      for (const method of ['withMaterialized', 'withNotMaterialized'] as const) {
        const sql = Post.query()
          [method]('these', (sub: any) => void sub.from('sd_users').where('id', 1))
          .toQuery()
        assert.match(sql, /.sd_users.\..deleted_at. is null.*.sd_posts.\..deleted_at. is null/s)
      }
    })

    test('hides trashed rows in sub-queries of hand-made queries', async ({ assert }) => {
      const trash = db.connection('trash')
      const found = await trash.from('sd_posts').whereIn('user_id', User.query().select('id'))
      const expected = await trash.from('sd_posts').whereIn('user_id', living('sd_users').select('id'))
      assert.deepEqual(told(found), told(expected))
      assert.lengthOf(await trash.from('sd_posts'), 18)
    })

    test('shows the trash of one query, and not that of its preloads', async ({ assert }) => {
      const posts = await Post.query()
        .withTrashed()
        .preload('comments')
        .preload('user', (user) => user.withTrashed())
      assert.lengthOf(posts, 18)
      assert.isTrue(posts.every(({ comments }) => comments.every(({ trashed }) => !trashed)))
      assert.isTrue(posts.every(({ user }) => user !== null))
      assert.isTrue(posts.some(({ user }) => user.trashed))
    })
  })
}
