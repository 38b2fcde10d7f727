import db from '@adonisjs/lucid/services/db'
import type { ApiClient } from '@japa/api-client'
import { test } from '@japa/runner'
import User from '#models/user'
import { cleanUp, newcomer } from '#tests/helpers'
import { countStatements } from '#tests/statements'
import { crowd, edges, miscounted } from './crowd.js'

type Person = Awaited<ReturnType<typeof newcomer>>

const NOTHING = {
  isSelf: false,
  follows: false,
  isFollowedBy: false,
  hasRequested: false,
  isRequestedBy: false,
  mutes: false,
}

function asks(client: ApiClient) {
  const send = (method: 'get' | 'put' | 'patch' | 'delete') => (person: Person | null, path: string, body?: object) => {
    const request = client[method](`/v1/${path}`).headers(person?.headers ?? {})
    return body ? request.json(body) : request
  }
  return { get: send('get'), put: send('put'), patch: send('patch'), destroy: send('delete') }
}

const find = (name: string) => User.findByUsername(name)

test.group('Follows', (group) => {
  group.each.setup(cleanUp)

  test('follows once and unfollows once, and says so on both sides', async ({ client, assert }) => {
    const { get, put, destroy } = asks(client)
    const [ada, bert] = [await newcomer(client, 'ada'), await newcomer(client, 'bert')]
    ;(await put(null, 'users/bert/follow')).assertStatus(401)
    for (let time = 0; time < 2; time++) {
      const followed = await put(ada, 'users/BERT/follow')
      followed.assertStatus(200)
      assert.deepEqual(followed.body().data, { ...NOTHING, follows: true })
    }
    assert.deepEqual(await edges('follows'), ['ada → bert'])
    assert.isTrue(await (await find('ada')).isFollowing(await find('bert')))
    const seenByBert = (await get(bert, 'users/ada')).body().data
    assert.deepEqual(seenByBert.viewer, { ...NOTHING, isFollowedBy: true })
    assert.deepEqual(seenByBert.counts, { posts: 0, followers: 0, following: 1 })
    assert.equal((await get(null, 'users/bert')).body().data.counts.followers, 1)

    for (let time = 0; time < 2; time++) (await destroy(ada, 'users/bert/follow')).assertStatus(204)
    assert.deepEqual(await edges('follows'), [])
    assert.isFalse(await (await find('ada')).isFollowing(await find('bert')))
    assert.deepEqual(await miscounted(), [])
  })

  test('does nothing to oneself, nor to nobody', async ({ client, assert }) => {
    const { put, destroy } = asks(client)
    const ada = await newcomer(client, 'ada')
    for (const verb of ['follow', 'block', 'mute']) {
      const body = verb === 'mute' ? {} : undefined
      const refused = await put(ada, `users/ada/${verb}`, body)
      refused.assertStatus(422)
      assert.equal(refused.body().code, 'E_ONESELF')
      ;(await destroy(ada, `users/ada/${verb}`)).assertStatus(422)
      ;(await put(ada, `users/nobody/${verb}`, body)).assertStatus(404)
      ;(await destroy(ada, `users/nobody/${verb}`)).assertStatus(404)
    }
    for (const table of ['follows', 'blocks', 'mutes'] as const) assert.deepEqual(await edges(table), [])
  })

  test('removes a follower, who may follow again', async ({ client, assert }) => {
    const { put, destroy } = asks(client)
    const [ada, bert] = [await newcomer(client, 'ada'), await newcomer(client, 'bert')]
    await put(ada, 'users/bert/follow')
    await put(bert, 'users/ada/follow')
    for (let time = 0; time < 2; time++) (await destroy(bert, 'followers/ada')).assertStatus(204)
    assert.deepEqual(await edges('follows'), ['bert → ada'])
    ;(await put(ada, 'users/bert/follow')).assertStatus(200)
    assert.deepEqual(await edges('follows'), ['ada → bert', 'bert → ada'])
    assert.deepEqual(await miscounted(), [])
  })

  test('finds neither the deleted nor the suspended, and brings the follows of a deleted account back with it', async ({
    client,
    assert,
  }) => {
    const { get, put } = asks(client)
    const [ada, bert] = [await newcomer(client, 'ada'), await newcomer(client, 'bert')]
    await put(ada, 'users/bert/follow')
    const follower = async () => (await get(null, 'users/bert/followers')).body().data.map((each: any) => each.username)
    assert.deepEqual(await follower(), ['ada'])
    await (await find('ada')).suspend()
    assert.deepEqual(await follower(), [])
    ;(await put(bert, 'users/ada/follow')).assertStatus(404)
    await (await find('ada')).reinstate()
    await (await find('ada')).delete()
    assert.deepEqual(await follower(), [])
    ;(await put(bert, 'users/ada/follow')).assertStatus(404)
    await (await User.recoverable('ada').firstOrFail()).restore()
    assert.deepEqual(await follower(), ['ada'])
    assert.deepEqual(await miscounted(), [])
  })
})

test.group('Blocks', (group) => {
  group.each.setup(cleanUp)

  test('end what either follows or asked, and leave each the other’s nobody', async ({ client, assert }) => {
    const { get, put, patch, destroy } = asks(client)
    const [ada, bert] = [await newcomer(client, 'ada'), await newcomer(client, 'bert')]
    await put(ada, 'users/bert/follow')
    await patch(ada, 'users/ada', { isPrivate: true })
    await put(bert, 'users/ada/follow')
    assert.deepEqual(await edges('follow_requests'), ['bert → ada'])

    for (let time = 0; time < 2; time++) (await put(ada, 'users/bert/block')).assertStatus(204)
    assert.deepEqual(await edges('follows'), [])
    assert.deepEqual(await edges('follow_requests'), [])
    assert.deepEqual(await edges('blocks'), ['ada → bert'])
    assert.isTrue(await (await find('ada')).isBlocking(await find('bert')))
    assert.deepEqual(await miscounted(), [])

    for (const [viewer, name] of [
      [ada, 'bert'],
      [bert, 'ada'],
    ] as const) {
      ;(await get(viewer, `users/${name}`)).assertStatus(404)
      ;(await get(viewer, `users/${name}/followers`)).assertStatus(404)
      ;(await put(viewer, `users/${name}/follow`)).assertStatus(404)
      ;(await put(viewer, `users/${name}/mute`, {})).assertStatus(404)
      ;(await destroy(viewer, `followers/${name}`)).assertStatus(404)
    }
    ;(await put(bert, 'users/ada/block')).assertStatus(404)
    ;(await destroy(bert, 'users/ada/block')).assertStatus(404)
    assert.deepEqual(await edges('blocks'), ['ada → bert'])
    ;(await get(null, 'users/ada')).assertStatus(200)
  })

  test('are listed to who blocks alone, and taken back by them', async ({ client, assert }) => {
    const { get, put, destroy } = asks(client)
    const [ada, bert, cleo] = [
      await newcomer(client, 'ada'),
      await newcomer(client, 'bert'),
      await newcomer(client, 'cleo'),
    ]
    await put(ada, 'users/cleo/block')
    await put(ada, 'users/bert/block')
    const names = async (person: Person) => (await get(person, 'blocks')).body().data.map((each: any) => each.username)
    assert.deepEqual(await names(ada), ['bert', 'cleo'])
    assert.deepEqual(await names(bert), [])
    assert.deepEqual((await get(ada, 'blocks')).body().data[0].viewer, NOTHING)
    ;(await get(null, 'blocks')).assertStatus(401)

    for (let time = 0; time < 2; time++) (await destroy(ada, 'users/bert/block')).assertStatus(204)
    assert.deepEqual(await names(ada), ['cleo'])
    ;(await get(bert, 'users/ada')).assertStatus(200)
    ;(await put(bert, 'users/ada/follow')).assertStatus(200)
    ;(await get(cleo, 'users/ada')).assertStatus(404)
  })
})

test.group('Mutes', (group) => {
  group.each.setup(cleanUp)

  test('last until they are taken back, and only who mutes sees them', async ({ client, assert }) => {
    const { get, put, destroy } = asks(client)
    const [ada, bert] = [await newcomer(client, 'ada'), await newcomer(client, 'bert')]
    for (let time = 0; time < 2; time++) (await put(ada, 'users/bert/mute', {})).assertStatus(204)
    assert.deepEqual(await edges('mutes'), ['ada → bert'])
    assert.isTrue((await get(ada, 'users/bert')).body().data.viewer.mutes)
    assert.isFalse((await get(bert, 'users/ada')).body().data.viewer.mutes)
    assert.containsSubset((await get(ada, 'mutes')).body().data, [{ user: { username: 'bert' }, until: null }])
    assert.deepEqual((await get(bert, 'mutes')).body().data, [])

    for (let time = 0; time < 2; time++) (await destroy(ada, 'users/bert/mute')).assertStatus(204)
    assert.isFalse((await get(ada, 'users/bert')).body().data.viewer.mutes)
    assert.deepEqual((await get(ada, 'mutes')).body().data, [])
  })

  test('end at their time, which muting again moves', async ({ client, assert }) => {
    const { get, put } = asks(client)
    const ada = await newcomer(client, 'ada')
    await newcomer(client, 'bert')
    const until = new Date(Date.now() + 3_600_000).toISOString()
    ;(await put(ada, 'users/bert/mute', { until })).assertStatus(204)
    assert.equal((await get(ada, 'mutes')).body().data[0].until, until)
    await db.from('mutes').update({ expires_at: new Date(Date.now() - 1000).toISOString() })
    assert.deepEqual((await get(ada, 'mutes')).body().data, [])
    assert.isFalse((await get(ada, 'users/bert')).body().data.viewer.mutes)
    assert.isFalse(await (await find('ada')).isMuting(await find('bert')))
    ;(await put(ada, 'users/bert/mute', { until: null })).assertStatus(204)
    assert.isTrue(await (await find('ada')).isMuting(await find('bert')))
    assert.lengthOf(await db.from('mutes'), 1)
  })

  test('are refused until a moment that is none, or is past', async ({ client, assert }) => {
    const { put } = asks(client)
    const ada = await newcomer(client, 'ada')
    await newcomer(client, 'bert')
    for (const [until, rule] of [
      [new Date(Date.now() - 1000).toISOString(), 'future'],
      ['2999-02-31T00:00:00Z', 'moment'],
      ['2999-01-01', 'moment'],
      ['9999-12-31T24:00:00Z', 'moment'],
      ['9999-12-31T23:59:59-23:59', 'moment'],
      ['tomorrow', 'moment'],
      [1_900_000_000, 'string'],
    ]) {
      const refused = await put(ada, 'users/bert/mute', { until })
      refused.assertStatus(422)
      assert.equal(refused.body().errors[0].rule, rule, String(until))
    }
    assert.deepEqual(await edges('mutes'), [])
    ;(await put(ada, 'users/bert/mute', { until: '2999-01-01T02:00:00.5+02:00' })).assertStatus(204)
    const [{ expires_at: expiresAt }] = await db.from('mutes')
    assert.equal(new Date(expiresAt).toISOString(), '2999-01-01T00:00:00.500Z')
  })
})

test.group('Lists of accounts', (group) => {
  group.each.setup(cleanUp)

  test('page through followers and followed, the newest first and each once', async ({ client, assert }) => {
    const { get } = asks(client)
    const star = await newcomer(client, 'star')
    const people = await crowd(5)
    const follows = people.toReversed()
    for (const person of follows) {
      await person.follow(await find('star'))
      await (await find('star')).follow(person)
    }
    for (const list of ['followers', 'following']) {
      const names: string[] = []
      for (let path: string | null = `users/star/${list}?limit=2`; path;) {
        const response = await get(star, path)
        response.assertStatus(200)
        const { data, meta } = response.body()
        names.push(...data.map(({ username }: any) => username))
        for (const { viewer } of data) assert.deepEqual(viewer, { ...NOTHING, follows: true, isFollowedBy: true })
        if (meta.nextCursor) assert.include(response.header('link'), `cursor=${meta.nextCursor}>; rel="next"`)
        path = meta.nextCursor && `users/star/${list}?limit=2&cursor=${meta.nextCursor}`
      }
      assert.deepEqual(
        names,
        people.map(({ username }) => username)
      )
    }
  })

  test('leave out whom the viewer does not see', async ({ client, assert }) => {
    const { get, put } = asks(client)
    const [ada, bert, cleo] = [
      await newcomer(client, 'ada'),
      await newcomer(client, 'bert'),
      await newcomer(client, 'cleo'),
    ]
    await newcomer(client, 'star')
    for (const person of [ada, bert, cleo]) await put(person, 'users/star/follow')
    await put(bert, 'users/ada/block')
    await (await find('cleo')).delete()
    const seenBy = async (viewer: Person | null) =>
      (await get(viewer, 'users/star/followers')).body().data.map(({ username }: any) => username)
    assert.deepEqual(await seenBy(ada), ['ada'])
    assert.deepEqual(await seenBy(bert), ['bert'])
    assert.deepEqual(await seenBy(null), ['bert', 'ada'])
    assert.isNull((await get(null, 'users/star/followers')).body().data[0].viewer)
  })

  test('ask the database as often for thirty as for three', async ({ client, assert }) => {
    const { get } = asks(client)
    const star = await newcomer(client, 'star')
    const people = await crowd(30)
    const me = await find('star')
    for (const [index, person] of people.entries()) {
      await person.follow(me)
      await me.follow(person)
      if (index % 2 === 0) await me.mute(person)
    }
    await me.edit({ isPrivate: true })
    for (const person of await crowd(30)) await person.follow(me)
    await crowd(30)
    // So that whether the token was used just now does not count.
    await get(star, 'sessions')
    for (const person of await crowd(30)) await me.block(person)
    for (const path of [
      'users?',
      'users/star/followers?',
      'users/star/following?',
      'blocks?',
      'mutes?',
      'follow-requests?',
      'suggestions?',
    ]) {
      const few = await countStatements(() => get(star, `${path}limit=3`))
      const many = await countStatements(() => get(star, `${path}limit=30`))
      assert.equal(few, many, path)
      assert.lengthOf((await get(star, `${path}limit=10`)).body().data, 10, path)
      assert.isAtMost(many, 8, path)
    }
  })
})

test.group('Accounts at once', (group) => {
  group.each.setup(cleanUp)

  test('200 who follow one at once are each counted once', async ({ assert }) => {
    const [star, ...people] = await crowd(201)
    await Promise.all([...people, ...people.slice(0, 50)].map((person) => person.follow(star)))
    assert.equal((await star.refresh()).followersCount, 200)
    assert.lengthOf(await db.from('follows'), 200)
    assert.deepEqual(await miscounted(), [])
  })

  test('50 who follow, unfollow and block between two leave no block beside a follow', async ({ assert }) => {
    for (let round = 0; round < 5; round++) {
      const [one, other] = await crowd(2)
      const verbs = [
        () => one.follow(other),
        () => other.follow(one),
        () => one.unfollow(other),
        () => one.block(other),
        () => other.removeFollower(one),
        () => other.block(one),
        () => other.mute(one),
        () => one.unblock(other),
      ]
      const results = await Promise.allSettled(Array.from({ length: 50 }, (_, index) => verbs[index % verbs.length]()))
      for (const result of results) if (result.status === 'rejected') assert.equal(result.reason.code, 'E_NOT_FOUND')
      const between = (rows: string[]) => rows.filter((each) => each.includes(one.username))
      const blocks = between(await edges('blocks'))
      assert.isAtMost(blocks.length, 1)
      if (blocks.length > 0) assert.deepEqual(between(await edges('follows')), [])
      assert.deepEqual(await miscounted(), [])

      await one.unblock(other)
      await other.unblock(one)
      await one.follow(other)
      const late = await Promise.allSettled([one.block(other), ...Array.from({ length: 20 }, () => other.follow(one))])
      assert.equal(late[0].status, 'fulfilled')
      assert.deepEqual(between(await edges('follows')), [])
      assert.lengthOf(between(await edges('blocks')), 1)
      assert.deepEqual(await miscounted(), [])
    }
  })
})
