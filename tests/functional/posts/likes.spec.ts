import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import Post from '#models/post'
import User from '#models/user'
import { uuidv7 } from '#providers/portable/index'
import { cleanUp, newcomer, publish } from '#tests/helpers'
import { randomOf } from '#tests/random'

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
