import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { ApiClient } from '@japa/api-client'
import { test } from '@japa/runner'
import FollowRequest from '#models/follow_request'
import User from '#models/user'
import { uuidv7 } from '#providers/portable/index'
import { cleanUp, eventually, newcomer, publish, someoneWaits } from '#tests/helpers'
import { crowd, edges, miscounted } from './crowd.js'

type Person = Awaited<ReturnType<typeof newcomer>>

const find = (name: string) => User.findByUsername(name)

async function setPrivate(client: ApiClient, person: Person, isPrivate: boolean) {
  const response = await client.patch(`/v1/users/${person.username}`).headers(person.headers).json({ isPrivate })
  response.assertStatus(200)
  return response.body().data
}

/** Ada, who is private, and Bert, who asked to follow her. */
async function asked(client: ApiClient) {
  const [ada, bert] = [await newcomer(client, 'ada'), await newcomer(client, 'bert')]
  await setPrivate(client, ada, true)
  const response = await client.put('/v1/users/ada/follow').headers(bert.headers)
  response.assertStatus(200)
  const { id } = await FollowRequest.query().firstOrFail()
  return { ada, bert, relationship: response.body().data, id }
}

/** Begins the work while somebody else has the rows of all accounts, who changes something when it waits for them. */
async function meanwhile(work: () => Promise<void>, change: (client: TransactionClientContract) => Promise<unknown>) {
  let waiting: Promise<void> | undefined
  await db.transaction(async (client) => {
    await client.from('users').select('id').orderBy('id').forUpdate()
    waiting = work()
    if (client.dialect.name === 'postgres') await eventually(someoneWaits, 'it waits for the rows')
    await change(client)
  })
  await waiting
}

test.group('Private accounts', (group) => {
  group.each.setup(cleanUp)

  test('are made and unmade by their owner alone', async ({ client, assert }) => {
    const [ada, bert] = [await newcomer(client, 'ada'), await newcomer(client, 'bert')]
    const isPrivate = async () => (await client.get('/v1/users/ada')).body().data.isPrivate
    assert.isFalse(await isPrivate())
    assert.isTrue((await setPrivate(client, ada, true)).isPrivate)
    const { private_since: since } = await db.from('users').where('id', ada.id).firstOrFail()
    await setPrivate(client, ada, true)
    assert.deepEqual((await db.from('users').where('id', ada.id).firstOrFail()).private_since, since)
    assert.isTrue(await isPrivate())
    const path = '/v1/users/ada'
    ;(await client.patch(path).headers(bert.headers).json({ isPrivate: false })).assertStatus(403)
    ;(await client.patch(path).headers(ada.headers).json({ isPrivate: 'no' })).assertStatus(422)
    assert.isTrue(await isPrivate())
    assert.isFalse((await setPrivate(client, ada, false)).isPrivate)
  })

  test('change their names and their privacy together or not at all', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    await newcomer(client, 'bert')
    const shown = await client.get('/v1/users/ada').headers(ada.headers)
    const edit = (body: object, version?: string) =>
      client
        .patch('/v1/users/ada')
        .headers({ ...ada.headers, ...(version && { 'if-match': version }) })
        .json(body)
    ;(await edit({ username: 'BERT', isPrivate: true })).assertStatus(409)
    assert.isFalse((await find('ada')).isPrivate)
    ;(await edit({ isPrivate: true }, shown.header('etag'))).assertStatus(200)
    ;(await edit({ isPrivate: false }, shown.header('etag'))).assertStatus(412)
    assert.isTrue((await find('ada')).isPrivate)
    ;(await edit({ username: 'Adele', isPrivate: false })).assertStatus(200)
    assert.isFalse((await find('adele')).isPrivate)
  })

  test('show posts, followers and followed to those whom they accepted', async ({ client, assert }) => {
    const { ada, bert, id } = await asked(client)
    await publish(client, ada)
    await (await find('ada')).follow(await find('bert'))
    const seenBy = async (person: Person | null) => {
      const lists = ['posts', 'followers', 'following'].map(async (list) => {
        const response = await client.get(`/v1/users/ada/${list}`).headers(person?.headers ?? {})
        response.assertStatus(200)
        return response.body().data.length
      })
      return Promise.all(lists)
    }
    for (const stranger of [bert, null]) assert.deepEqual(await seenBy(stranger), [0, 0, 0])
    assert.deepEqual(await seenBy(ada), [1, 0, 1])
    ;(await client.put(`/v1/follow-requests/${id}`).headers(ada.headers)).assertStatus(204)
    assert.deepEqual(await seenBy(bert), [1, 1, 1])
    assert.deepEqual(await seenBy(null), [0, 0, 0])
  })
})

test.group('Follow requests', (group) => {
  group.each.setup(cleanUp)

  test('are made once where the account is private, and told to both', async ({ client, assert }) => {
    const { ada, bert, relationship, id } = await asked(client)
    assert.containsSubset(relationship, { follows: false, hasRequested: true })
    await client.put('/v1/users/ada/follow').headers(bert.headers)
    assert.deepEqual(await edges('follow_requests'), ['bert → ada'])
    assert.deepEqual(await edges('follows'), [])
    assert.isTrue((await client.get('/v1/users/bert').headers(ada.headers)).body().data.viewer.isRequestedBy)

    const list = async (person: Person, query = '') =>
      (await client.get(`/v1/follow-requests${query}`).headers(person.headers)).body().data
    assert.containsSubset(await list(ada), [{ id, user: { username: 'bert' } }])
    assert.containsSubset(await list(bert, '?direction=outgoing'), [{ id, user: { username: 'ada' } }])
    assert.deepEqual(await list(ada, '?direction=outgoing'), [])
    assert.deepEqual(await list(bert), [])
    ;(await client.get('/v1/follow-requests?direction=up').headers(ada.headers)).assertStatus(422)
    ;(await client.get('/v1/follow-requests')).assertStatus(401)
  })

  test('are accepted by who was asked, and by nobody else', async ({ client, assert }) => {
    const { ada, bert, id } = await asked(client)
    const cleo = await newcomer(client, 'cleo')
    const path = `/v1/follow-requests/${id}`
    for (const person of [bert, cleo]) (await client.put(path).headers(person.headers)).assertStatus(404)
    assert.deepEqual(await edges('follows'), [])
    ;(await client.put(path).headers(ada.headers)).assertStatus(204)
    assert.deepEqual(await edges('follows'), ['bert → ada'])
    assert.deepEqual(await edges('follow_requests'), [])
    assert.deepEqual(await miscounted(), [])
    ;(await client.put(path).headers(ada.headers)).assertStatus(404)
    const again = await client.put('/v1/users/ada/follow').headers(bert.headers)
    assert.containsSubset(again.body().data, { follows: true, hasRequested: false })
    assert.deepEqual(await edges('follow_requests'), [])
  })

  test('are refused by who was asked, and withdrawn by who asked', async ({ client, assert }) => {
    const { ada, bert, id } = await asked(client)
    const cleo = await newcomer(client, 'cleo')
    ;(await client.delete(`/v1/follow-requests/${id}`).headers(cleo.headers)).assertStatus(404)
    assert.deepEqual(await edges('follow_requests'), ['bert → ada'])
    for (const person of [ada, bert]) {
      await client.put('/v1/users/ada/follow').headers(bert.headers)
      const { id: pending } = await FollowRequest.query().firstOrFail()
      ;(await client.delete(`/v1/follow-requests/${pending}`).headers(person.headers)).assertStatus(204)
      assert.deepEqual(await edges('follow_requests'), [])
      ;(await client.delete(`/v1/follow-requests/${pending}`).headers(person.headers)).assertStatus(404)
    }
    await client.put('/v1/users/ada/follow').headers(bert.headers)
    ;(await client.delete('/v1/users/ada/follow').headers(bert.headers)).assertStatus(204)
    assert.deepEqual(await edges('follow_requests'), [])
    assert.deepEqual(await edges('follows'), [])
  })

  test('of those who are suspended are not there', async ({ client, assert }) => {
    const { ada, id } = await asked(client)
    await (await find('bert')).suspend()
    const list = async () => (await client.get('/v1/follow-requests').headers(ada.headers)).body().data
    assert.deepEqual(await list(), [])
    ;(await client.put(`/v1/follow-requests/${id}`).headers(ada.headers)).assertStatus(404)
    ;(await client.delete(`/v1/follow-requests/${id}`).headers(ada.headers)).assertStatus(404)
    await (await find('bert')).reinstate()
    assert.lengthOf(await list(), 1)
  })

  test('are all accepted when the account goes public', async ({ client, assert }) => {
    const { ada, bert } = await asked(client)
    const people = [...(await crowd(300)), ...(await crowd(300))]
    const createdAt = new Date().toISOString()
    for (const { id } of people) {
      const request = { id: uuidv7(), follower_id: id, followed_id: ada.id, created_at: createdAt }
      await db.table('follow_requests').insert(request)
    }
    await (await find('ada')).follow(await find('bert'))
    await setPrivate(client, ada, false)
    assert.deepEqual(await edges('follow_requests'), [])
    assert.lengthOf(await edges('follows'), 602)
    assert.isTrue(await (await find('bert')).isFollowing(await find('ada')))
    assert.equal((await client.get(`/v1/users/${bert.username}`)).body().data.counts.followers, 1)
    assert.deepEqual(await miscounted(), [])
  })

  test('become follows where the account goes public while they wait for it', async ({ assert }) => {
    const [asker, star] = await crowd(2)
    await star.edit({ isPrivate: true })
    await meanwhile(
      () => asker.follow(star),
      (client) => client.from('users').where('id', star.id).update({ private_since: null })
    )
    assert.isTrue(await asker.isFollowing(star))
    assert.isFalse(await asker.hasRequested(star))
  })

  test('that come while the account waits to go public are accepted too', async ({ assert }) => {
    const [before, star, after] = await crowd(3)
    await star.edit({ isPrivate: true })
    await meanwhile(
      () => star.edit({ isPrivate: false }),
      async (client) => {
        for (const { id } of [before, after]) await FollowRequest.join({ id }, star, client)
      }
    )
    for (const each of [before, after]) assert.isTrue(await each.isFollowing(star))
    assert.deepEqual(await edges('follow_requests'), [])
    assert.deepEqual(await miscounted(), [])
  })

  test('are left nowhere when an account goes public while 60 ask, withdraw and are accepted', async ({ assert }) => {
    for (let round = 0; round < 3; round++) {
      const people = await crowd(61)
      // In the middle: of those who ask some have lower ids, some higher ones.
      const [star] = people.splice(30, 1)
      await star.edit({ isPrivate: true })
      for (const person of people.slice(0, 20)) await person.follow(star)
      const pending = await FollowRequest.query().where('followedId', star.id)
      await Promise.all([
        ...people.slice(20, 40).map((person) => person.follow(star)),
        ...pending.slice(0, 5).map((request) => request.accept()),
        ...pending.slice(5, 10).map((request) => request.drop()),
        User.findOrFail(star.id).then((user) => user.edit({ isPrivate: false })),
        ...people.slice(40).map((person) => person.follow(star)),
      ])
      assert.isFalse((await star.refresh()).isPrivate)
      assert.lengthOf(await FollowRequest.query().where('followedId', star.id), 0)
      assert.isAtLeast(star.followersCount, 55)
      assert.isAtMost(star.followersCount, 60)
      assert.deepEqual(await miscounted(), [])
    }
  })
})
