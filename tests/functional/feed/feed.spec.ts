import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import db from '@adonisjs/lucid/services/db'
import Post from '#models/post'
import User from '#models/user'
import { crowd } from '#tests/functional/accounts/crowd'
import { publishMany } from '#tests/functional/posts/many'
import { cleanUp, newcomer, publish } from '#tests/helpers'
import { countStatements } from '#tests/statements'

type Person = Awaited<ReturnType<typeof newcomer>>

async function feedOf(client: ApiClient, { headers }: Person, query: Record<string, string | number> = {}) {
  const response = await client.get('/v1/feed').headers(headers).qs(query)
  response.assertStatus(200)
  return response.body() as { data: any[]; meta: { nextCursor: string | null } }
}

async function ids(client: ApiClient, person: Person) {
  return (await feedOf(client, person)).data.map(({ id }) => id)
}

async function say(client: ApiClient, method: 'put' | 'delete', path: string, { headers }: Person) {
  const response = await client[method](path).headers(headers)
  if (response.status() >= 300) throw new RangeError(`${method} ${path}: ${response.text()}`)
}

async function discover(client: ApiClient, person: Person | null = null, query: Record<string, string | number> = {}) {
  const response = await client
    .get('/v1/explore')
    .headers(person?.headers ?? {})
    .qs(query)
  response.assertStatus(200)
  const { data, meta } = response.body()
  return { ids: data.map(({ id }: { id: string }) => id) as string[], nextCursor: meta.nextCursor as string | null }
}

test.group('The home feed', (group) => {
  group.each.setup(cleanUp)

  test('has the albums of those whom one follows and the own ones, newest first', async ({ client, assert }) => {
    const [ada, bob, eve] = [await newcomer(client), await newcomer(client), await newcomer(client)]
    await say(client, 'put', `/v1/users/${bob.username}/follow`, ada)
    const first = await publish(client, bob, { visibility: 'followers' })
    const second = await publish(client, ada)
    const third = await publish(client, bob)
    await publish(client, eve)
    await say(client, 'put', `/v1/posts/${third.id}/like`, ada)

    const { data } = await feedOf(client, ada)
    assert.deepEqual(
      data.map(({ id }) => id),
      [third.id, second.id, first.id]
    )
    assert.deepEqual(data[0].viewer, { isAuthor: false, likes: true, bookmarks: false })
    assert.equal(data[0].counts.likes, 1)
    assert.equal(data[0].author.username, bob.username)
    assert.isNotEmpty(data[0].media[0].variants)
    const response = await client.get('/v1/feed')
    response.assertStatus(401)
  })

  test('goes on where the page ended, without gaps and doubles while albums arrive', async ({ client, assert }) => {
    const [ada, bob] = [await newcomer(client), await newcomer(client)]
    await say(client, 'put', `/v1/users/${bob.username}/follow`, ada)
    const published: string[] = []
    while (published.length < 7) published.unshift((await publish(client, bob)).id)

    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await feedOf(client, ada, { limit: 3, ...(cursor && { cursor }) })
      seen.push(...page.data.map(({ id }) => id))
      cursor = page.meta.nextCursor
      await publish(client, bob)
    }
    assert.deepEqual(seen, published)
    const refused = await client.get('/v1/feed').headers(ada.headers).qs({ cursor: 'yesterday' })
    refused.assertStatus(422)
  })

  test('names its next page in the Link header', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const [older, newer] = [await publish(client, ada), await publish(client, ada)]
    const response = await client.get('/v1/feed').headers(ada.headers).qs({ limit: 1 })
    assert.equal(response.body().meta.nextCursor, newer.id)
    const [, next] = /<(.*)>; rel="next"/.exec(response.header('link')!)!
    const { pathname, search } = new URL(next)
    const following = await client.get(pathname + search).headers(ada.headers)
    assert.deepEqual([following.body().data[0].id, following.body().meta.nextCursor], [older.id, null])
  })

  test('is right at once after each change of who hears whom', async ({ client, assert }) => {
    const [ada, bob] = [await newcomer(client), await newcomer(client)]
    const { id } = await publish(client, bob)
    const post = `/v1/posts/${id}`
    const [adas, bobs] = [`/v1/users/${ada.username}`, `/v1/users/${bob.username}`]
    for (const [method, path, person, isThere] of [
      ['put', `${bobs}/follow`, ada, true],
      ['delete', `${bobs}/follow`, ada, false],
      ['put', `${bobs}/follow`, ada, true],
      ['put', `${bobs}/mute`, ada, false],
      ['delete', `${bobs}/mute`, ada, true],
      ['delete', post, bob, false],
      ['put', `${post}/restoration`, bob, true],
      ['put', `${post}/archive`, bob, false],
      ['delete', `${post}/archive`, bob, true],
      ['put', `${adas}/block`, bob, false],
      ['delete', `${adas}/block`, bob, false],
      ['put', `${bobs}/follow`, ada, true],
      ['delete', `/v1/followers/${ada.username}`, bob, false],
    ] as const) {
      await say(client, method, path, person)
      assert.deepEqual(await ids(client, ada), isThere ? [id] : [], `after ${method} ${path}`)
    }
  })

  test('keeps a follower when the account becomes private, and asks the next one to wait', async ({
    client,
    assert,
  }) => {
    const [ada, bob, eve] = [await newcomer(client), await newcomer(client), await newcomer(client)]
    const { id } = await publish(client, bob)
    await say(client, 'put', `/v1/users/${bob.username}/follow`, ada)
    const edited = await client.patch(`/v1/users/${bob.username}`).headers(bob.headers).json({ isPrivate: true })
    edited.assertStatus(200)
    await say(client, 'put', `/v1/users/${bob.username}/follow`, eve)
    assert.deepEqual(await ids(client, ada), [id])
    assert.deepEqual(await ids(client, eve), [])
    const opened = await client.patch(`/v1/users/${bob.username}`).headers(bob.headers).json({ isPrivate: false })
    opened.assertStatus(200)
    assert.deepEqual(await ids(client, eve), [id])
  })

  test('takes as many statements for a page of 50 as for one of 2', async ({ client, assert }) => {
    const [ada, bob] = [await newcomer(client), await newcomer(client)]
    await say(client, 'put', `/v1/users/${bob.username}/follow`, ada)
    for (let count = 0; count < 6; count++) await publish(client, bob, { pictures: 2 })
    const few = await countStatements(() => feedOf(client, ada, { limit: 2 }))
    const many = await countStatements(() => feedOf(client, ada, { limit: 50 }))
    assert.equal(many, few)
  })
})

test.group('What there is to discover', (group) => {
  group.each.setup(cleanUp)

  test('is what everyone may see, the liked ones first, and never of the muted or blocked', async ({
    client,
    assert,
  }) => {
    const [ada, bob, eve, ned] = [
      await newcomer(client),
      await newcomer(client),
      await newcomer(client),
      await newcomer(client),
    ]
    const liked = await publish(client, bob)
    const plain = await publish(client, eve)
    const muted = await publish(client, ned)
    await publish(client, bob, { visibility: 'followers' })
    const own = await publish(client, ada)
    await say(client, 'put', `/v1/posts/${liked.id}/like`, eve)
    await say(client, 'put', `/v1/posts/${liked.id}/like`, ned)
    await say(client, 'put', `/v1/users/${ned.username}/mute`, ada)

    const discovered = async (person?: Person) => (await discover(client, person)).ids
    assert.deepEqual(await discovered(ada), [liked.id, plain.id])
    assert.deepEqual(await discovered(), [liked.id, own.id, muted.id, plain.id])
    await say(client, 'put', `/v1/users/${ada.username}/block`, bob)
    assert.deepEqual(await discovered(ada), [plain.id])
  })

  test('comes in pages', async ({ client, assert }) => {
    const bob = await newcomer(client)
    const published: string[] = []
    while (published.length < 5) published.push((await publish(client, bob)).id)
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await discover(client, null, { limit: 2, ...(cursor && { cursor }) })
      seen.push(...page.ids)
      cursor = page.nextCursor
    }
    assert.sameMembers(seen, published)
    assert.lengthOf(seen, 5)
  })

  test('is not hidden behind what nobody or not everybody may see, however much that is', async ({
    client,
    assert,
  }) => {
    const [ada, bob] = [await newcomer(client), await newcomer(client)]
    const { id } = await publish(client, ada)
    const [shy, closed, suspended, gone] = await crowd(4)
    await closed.edit({ isPrivate: true })
    await suspended.suspend()
    await publishMany([shy], 1001, { visibility: 'followers' })
    await publishMany([closed, suspended], 1001)
    await publishMany([gone], 1001)
    await gone.delete()
    assert.deepEqual((await discover(client)).ids, [id])
    assert.deepEqual((await discover(client, bob)).ids, [id])
  })

  test('is not hidden behind the own posts, or those of somebody whom one muted or blocks', async ({
    client,
    assert,
  }) => {
    const [ada, bob] = [await newcomer(client, 'ada'), await newcomer(client)]
    const { id } = await publish(client, bob)
    const me = await User.findByUsername('ada')
    const [muted, blocked] = await crowd(2)
    await publishMany([me, muted, blocked], 1001)
    await me.mute(muted)
    await me.block(blocked)
    assert.deepEqual((await discover(client, ada)).ids, [id])
  })

  test('has nothing of private accounts, for their followers neither', async ({ client, assert }) => {
    const [ada, bob] = [await newcomer(client), await newcomer(client, 'bob')]
    const { id } = await publish(client, bob)
    await say(client, 'put', `/v1/users/bob/follow`, ada)
    assert.deepEqual((await discover(client, ada)).ids, [id])
    await (await User.findByUsername('bob')).edit({ isPrivate: true })
    assert.deepEqual((await discover(client, ada)).ids, [])
  })

  for (const [name, leave] of Object.entries<(post: Post, author: User, reader: User) => Promise<unknown>>({
    'is deleted': (post) => post.delete(),
    'is archived': (post) => post.archive(),
    'is for followers now': (post) => post.merge({ visibility: 'followers' }).save(),
    'is of somebody who was muted': (_, author, reader) => reader.mute(author),
    'is of somebody who was blocked': (_, author, reader) => reader.block(author),
    'is of somebody who was suspended': (_, author) => author.suspend(),
    'is of somebody who is private now': (_, author) => author.edit({ isPrivate: true }),
  }))
    test(`goes on after a page whose last post ${name}`, async ({ client, assert }) => {
      const ada = await newcomer(client, 'ada')
      const me = await User.findByUsername('ada')
      const authors = await crowd(6)
      await publishMany(authors, 6)
      const { ids: all } = await discover(client, ada)
      const first = await discover(client, ada, { limit: 2 })
      assert.deepEqual(first.ids, all.slice(0, 2))
      const last = await Post.findOrFail(all[1])
      await leave(last, await User.findOrFail(last.userId), me)
      const second = await discover(client, ada, { limit: 2, cursor: first.nextCursor! })
      assert.deepEqual(second.ids, all.slice(2, 4))
    })

  test('goes on after a page whose last post is not one of the newest any more', async ({ client, assert }) => {
    const [author, other] = await crowd(2)
    const [liked, ...others] = await publishMany([author], 6)
    await db.from('posts').where('id', liked).update({ likes_count: 9 })
    const first = await discover(client, null, { limit: 1 })
    assert.deepEqual([first.ids, first.nextCursor], [[liked], liked])
    await publishMany([other], 1000 - others.length, { created_at: '2000-01-01T00:00:00.000Z' })
    const second = await discover(client, null, { limit: 2, cursor: liked })
    assert.deepEqual(second.ids, others.toReversed().slice(0, 2))
  })
})
