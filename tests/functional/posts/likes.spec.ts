import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { DateTime } from 'luxon'
import Block from '#models/block'
import Post from '#models/post'
import User from '#models/user'
import { uuidv7 } from '#providers/portable/index'
import { cleanUp, newcomer, publish } from '#tests/helpers'
import { randomOf } from '#tests/random'
import { countStatements } from '#tests/statements'

test.group('Likes', (group) => {
  group.each.setup(cleanUp)

  test('counts a like once, and takes it back once', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const bert = await newcomer(client)
    const { id } = await publish(client, ada)
    const likes = async () => (await client.get(`/v1/posts/${id}`)).body().data.counts.likes
    const path = `/v1/posts/${id}/like`
    ;(await client.put(path)).assertStatus(401)
    for (const person of [ada, bert, bert]) (await client.put(path).headers(person.headers)).assertStatus(204)
    assert.equal(await likes(), 2)
    assert.isTrue(await (await Post.findOrFail(id)).isLikedBy(await User.findOrFail(bert.id)))
    for (const person of [bert, bert]) (await client.delete(path).headers(person.headers)).assertStatus(204)
    assert.equal(await likes(), 1)
    assert.isFalse(await (await Post.findOrFail(id)).isLikedBy(await User.findOrFail(bert.id)))
  })

  test('hides from strangers what they could not see', async ({ client }) => {
    const ada = await newcomer(client)
    const { id } = await publish(client, ada, { visibility: 'followers' })
    const bert = await newcomer(client)
    for (const verb of ['put', 'delete'] as const)
      (await client[verb](`/v1/posts/${id}/like`).headers(bert.headers)).assertStatus(404)
  })

  test('lists who likes it, the newest like first, in pages and in a fixed number of statements', async ({
    client,
    assert,
  }) => {
    const ada = await newcomer(client)
    const { id } = await publish(client, ada)
    const fans = [await newcomer(client), ada, await newcomer(client), await newcomer(client)]
    for (const fan of [...fans, fans[0]]) await client.put(`/v1/posts/${id}/like`).headers(fan.headers)
    const page = (query: string) => client.get(`/v1/posts/${id}/likes?${query}`)
    const names = (response: any) => response.body().data.map(({ username }: any) => username)

    const first = await page('limit=3')
    first.assertStatus(200)
    assert.deepEqual(
      names(first),
      [fans[3], fans[2], ada].map(({ username }) => username)
    )
    const { nextCursor } = first.body().meta
    assert.include(first.header('link')!, `cursor=${nextCursor}`)
    const second = await page(`limit=3&cursor=${nextCursor}`)
    assert.deepEqual(names(second), [fans[0].username])
    assert.isNull(second.body().meta.nextCursor)
    assert.isUndefined(second.header('link'))

    const email = async (headers = {}) => (await page('').headers(headers)).body().data.map((user: any) => user.email)
    assert.deepEqual(await email(ada.headers), [undefined, undefined, ada.email, undefined])
    ;(await page('limit=0')).assertStatus(422)
    assert.equal(await countStatements(() => page('limit=1')), await countStatements(() => page('limit=4')))
  })

  test('lists nobody whom the viewer does not see, and nothing of a post that they do not see', async ({
    client,
    assert,
  }) => {
    const [ada, bert, cleo] = [await newcomer(client), await newcomer(client), await newcomer(client)]
    const { id } = await publish(client, ada)
    for (const { headers } of [ada, bert, cleo]) await client.put(`/v1/posts/${id}/like`).headers(headers)
    const likers = async (headers = {}) => {
      const response = await client.get(`/v1/posts/${id}/likes`).headers(headers)
      return response.status() === 200 ? response.body().data.map(({ username }: any) => username) : response.status()
    }
    await Block.create({ blockerId: cleo.id, blockedId: bert.id })
    assert.deepEqual(await likers(), [cleo.username, bert.username, ada.username])
    assert.deepEqual(await likers(bert.headers), [bert.username, ada.username])
    assert.deepEqual(await likers(cleo.headers), [cleo.username, ada.username])
    await client.delete(`/v1/users/${bert.username}`).headers(bert.headers)
    assert.deepEqual(await likers(), [cleo.username, ada.username])
    await User.query().where('id', cleo.id).update({ suspendedAt: DateTime.utc().toISO() })
    assert.deepEqual(await likers(), [ada.username])

    await client.put(`/v1/posts/${id}/archive`).headers(ada.headers)
    assert.equal(await likers(), 404)
    assert.deepEqual(await likers(ada.headers), [ada.username])
  })

  test('counts 1,000 likes and unlikes of 200 people at once', async ({ client, assert }) => {
    const seed = Date.now() % 2 ** 31
    console.log(`    seed ${seed}`)
    const { below } = randomOf(seed)
    const post = await Post.findOrFail((await publish(client, await newcomer(client))).id)
    const people = await User.createMany(
      Array.from({ length: 200 }, (_, index) => {
        const [name, email] = [`crowd${index}`, `crowd${index}@example.org`]
        const names = { username: name, usernameKey: name, email, emailKey: email }
        const counts = { postsCount: 0, followersCount: 0, followingCount: 0 }
        return { id: uuidv7(), ...names, ...counts, password: 'none', role: 'member' as const }
      })
    )
    await Promise.all(
      Array.from({ length: 1000 }, () => {
        const person = people[below(people.length)]
        return below(3) > 0 ? post.like(person) : post.unlike(person)
      })
    )
    const [{ total }] = await db.from('post_likes').where('post_id', post.id).count('* as total')
    await post.refresh()
    assert.equal(post.likesCount, Number(total))
    assert.isAbove(post.likesCount, 50)
  })
})
