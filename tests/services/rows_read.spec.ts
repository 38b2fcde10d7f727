import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { Albums } from '#models/album'
import { Explore } from '#models/explore'
import { Suggestions } from '#models/suggestions'
import type User from '#models/user'
import { Statement, uuidv7 } from '#providers/portable/index'
import { crowd } from '#tests/functional/accounts/crowd'
import { publishMany } from '#tests/functional/posts/many'
import { cleanUp } from '#tests/helpers'
import { countRowsRead } from '#tests/rows_read'

const POSTS = 4000
const PUBLIC = POSTS + 600
const LIMIT = 30

/** More than a page needs, and than a page of one post needs: the plans may differ a little, and not by what others published. */
const [OF_PAGE, OF_ONE] = [8 * LIMIT, 64]

test.group('Among thousands of posts', (group) => {
  let authors: User[]
  let ids: string[]

  group.setup(async () => {
    await cleanUp()
    authors = await crowd(200)
    ids = await publishMany(authors, POSTS)
    await publishMany(authors.slice(0, 2), PUBLIC - POSTS)
    await publishMany([authors[2]], 1500, { visibility: 'followers' })
    const hashtag = { id: uuidv7(), name: 'sea', name_key: 'sea', created_at: new Date().toISOString() }
    await db.table('hashtags').insert(hashtag)
    const tagged = ids.filter((_, index) => index % 2 === 0)
    await db
      .table('post_hashtags')
      .multiInsert(tagged.map((id) => ({ id: uuidv7(), post_id: id, hashtag_id: hashtag.id })))
    await db.rawQuery('vacuum analyze')
  })
  group.teardown(cleanUp)

  for (const [name, read] of Object.entries<() => Promise<{ albums: unknown[] }>>({
    'the newest': () => Albums.newest({ limit: LIMIT }),
    'those with a hashtag': () => Albums.withHashtag('sea', null, { limit: LIMIT }),
    'those of an author': () => Albums.ofUser(authors[0].username, null, { limit: LIMIT }),
    'those with a hashtag, for who is logged in': () => Albums.withHashtag('sea', authors[0], { limit: LIMIT }),
  }))
    test(`a page of ${name} reads no others`, async ({ assert }) => {
      assert.lengthOf((await read()).albums, LIMIT)
      assert.isBelow(await countRowsRead('posts', read), OF_PAGE)
    })

  test('a page of who has pinned nothing does not look for it in all', async ({ assert }) => {
    const read = () => Albums.ofUser(authors[1].username, null, { limit: 1 })
    assert.lengthOf((await read()).albums, 1)
    assert.isBelow(await countRowsRead('posts', read), OF_ONE)
  })

  test('what there is to discover is looked for in those that everyone may see', async ({ assert }) => {
    const read = () => Explore.for(null, { limit: LIMIT })
    assert.lengthOf((await read()).albums, LIMIT)
    assert.isBelow(await countRowsRead('posts', read), PUBLIC + OF_PAGE)
  })
})

test.group('Among thousands of accounts', (group) => {
  let viewers: User[]

  group.setup(async () => {
    await cleanUp()
    const [alone, social, ...others] = await crowd(3000)
    viewers = [alone, social]
    for (const friend of others.slice(0, 2)) await social.follow(friend)
    const now = new Date().toISOString()
    for (const friend of others.slice(0, 2))
      await db
        .table('follows')
        .multiInsert(
          others.slice(2).map(({ id }) => ({ id: uuidv7(), follower_id: friend.id, followed_id: id, created_at: now }))
        )
    await db.rawQuery('vacuum analyze')
  })
  group.teardown(cleanUp)

  test('suggestions for who follows nobody do not look at all', async ({ assert }) => {
    const read = () => Suggestions.for(viewers[0], { limit: LIMIT })
    assert.lengthOf(await read(), LIMIT)
    assert.isBelow(await countRowsRead('users', read), 1000)
  })

  test('suggestions do not look at all whom friends follow', async ({ assert }) => {
    const read = () => Suggestions.for(viewers[1], { limit: LIMIT })
    assert.lengthOf(await read(), LIMIT)
    assert.isBelow(await countRowsRead('follows', read), 1000)
  })
})

test.group('The connections of the reader', () => {
  test('compile no statement, which takes longer than to run it', async ({ assert }) => {
    const setting = new Statement<{ jit: string }>('test-jit', `select current_setting('jit') as jit`)
    assert.deepEqual(await setting.all({}), [{ jit: 'off' }])
  })
})
