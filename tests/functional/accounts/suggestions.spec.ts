import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { DateTime } from 'luxon'
import User from '#models/user'
import { uuidv7 } from '#providers/portable/index'
import { cleanUp, newcomer } from '#tests/helpers'
import { crowd } from './crowd.js'

test.group('Suggestions', (group) => {
  group.each.setup(cleanUp)

  test('are friends of friends by how many are common, and then the most followed', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const me = await User.findByUsername('ada')
    const [friend, second, third, common3, common2, common1, famous, unknown, fan] = await crowd(9)
    for (const each of [friend, second, third]) await me.follow(each)
    for (const each of [friend, second, third]) await each.follow(common3)
    for (const each of [friend, second]) await each.follow(common2)
    await third.follow(common1)
    await third.follow(second)
    await fan.follow(famous)
    await common1.follow(famous)
    const names = async (query = '') => {
      const response = await client.get(`/v1/suggestions${query}`).headers(ada.headers)
      response.assertStatus(200)
      return response.body().data.map(({ username }: any) => username)
    }
    const expected = [common3, common2, common1, famous, unknown, fan].map(({ username }) => username)
    assert.deepEqual(await names(), expected)
    assert.deepEqual(await names('?limit=2'), expected.slice(0, 2))
    assert.deepEqual(await names('?limit=4'), expected.slice(0, 4))
    ;(await client.get('/v1/suggestions?limit=0').headers(ada.headers)).assertStatus(422)
    ;(await client.get('/v1/suggestions')).assertStatus(401)
  })

  test('are nobody whom the viewer asked, muted, blocks or cannot see', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const me = await User.findByUsername('ada')
    const [friend, asked, muted, mutedOnce, blocked, blocking, suspended, deleted, left] = await crowd(9)
    await me.follow(friend)
    for (const each of [asked, muted, mutedOnce, blocked, blocking, suspended, deleted, left, me]) {
      await friend.follow(each)
    }
    await asked.edit({ isPrivate: true })
    await me.follow(asked)
    await me.mute(muted)
    await me.mute(mutedOnce, { until: DateTime.utc().minus({ seconds: 1 }) })
    await me.block(blocked)
    await blocking.block(me)
    await suspended.suspend()
    await deleted.delete()
    const { data } = (await client.get('/v1/suggestions').headers(ada.headers)).body()
    assert.deepEqual(
      data.map(({ username }: any) => username),
      [mutedOnce.username, left.username]
    )
  })

  test('count no friend whom the viewer does not see', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const me = await User.findByUsername('ada')
    const [friend, gone, one, two, star] = await crowd(5)
    for (const each of [friend, gone]) await me.follow(each)
    await gone.follow(two)
    await friend.follow(one)
    await friend.follow(two)
    await star.follow(one)
    const first = async () => (await client.get('/v1/suggestions?limit=1').headers(ada.headers)).body().data[0].username
    assert.equal(await first(), two.username)
    await gone.suspend()
    assert.equal(await first(), one.username)
  })

  test('count only the last 100 whom a friend follows', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const me = await User.findByUsername('ada')
    const [friend, first, ...others] = await crowd(102)
    await me.follow(friend)
    const follow = (users: User[]) =>
      db.table('follows').multiInsert(
        users.map(({ id }) => {
          return { id: uuidv7(), follower_id: friend.id, followed_id: id, created_at: new Date().toISOString() }
        })
      )
    const suggested = async () => {
      const { data } = (await client.get('/v1/suggestions?limit=1').headers(ada.headers)).body()
      return data.map(({ username }: any) => username)
    }
    await follow([first, ...others.slice(1)])
    assert.deepEqual(await suggested(), [first.username])
    await follow(others.slice(0, 1))
    assert.deepEqual(await suggested(), [others[0].username])
  })
})
