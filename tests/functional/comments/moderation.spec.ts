import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import Comment from '#models/comment'
import { problemsOf, readAll, write } from '#tests/functional/comments/thread'
import { cleanUp, newcomer, publish } from '#tests/helpers'

async function scene(client: ApiClient) {
  const [ada, bert] = [await newcomer(client), await newcomer(client)]
  const post = await publish(client, ada)
  const made = []
  for (const text of ['a', 'b', 'c']) made.push(await write(client, bert, post, text))
  return { ada, bert, post, made, path: `/v1/posts/${post.id}/comments` }
}

test.group('Comments that are locked', (group) => {
  group.each.setup(cleanUp)

  test('take nothing from others but the author of the post, until they are unlocked', async ({ client, assert }) => {
    const { ada, bert, post, made, path } = await scene(client)
    const lock = `/v1/posts/${post.id}/comment-lock`
    const answer = `/v1/comments/${made[0].id}/replies`
    const statuses = async ({ headers }: typeof ada) =>
      Promise.all(
        [path, answer].map(async (to) => (await client.post(to).headers(headers).json({ text: 'Hi' })).status())
      )
    ;(await client.put(lock).headers(bert.headers)).assertStatus(403)
    assert.deepEqual(await statuses(bert), [201, 201])
    const lockedAt = async () => (await client.get(`/v1/posts/${post.id}`)).body().data.commentsLockedAt
    assert.isNull(await lockedAt())
    for (let n = 0; n < 2; n++) (await client.put(lock).headers(ada.headers)).assertStatus(204)
    assert.isString(await lockedAt())
    assert.deepEqual(
      [await statuses(bert), await statuses(ada)],
      [
        [403, 403],
        [201, 201],
      ]
    )
    const refused = await client.post(path).headers(bert.headers).json({ text: 'Hi' })
    assert.equal(refused.body().code, 'E_COMMENTS_LOCKED')
    for (let n = 0; n < 2; n++) (await client.delete(lock).headers(ada.headers)).assertStatus(204)
    assert.isNull(await lockedAt())
    assert.deepEqual(await statuses(bert), [201, 201])
  })
})

test.group('A comment that is pinned', (group) => {
  group.each.setup(cleanUp)

  test('comes before the first page, one for each post', async ({ client, assert }) => {
    const { ada, bert, made, path } = await scene(client)
    const [a, b] = made.map(({ id }) => `/v1/comments/${id}/pin`)
    const order = async (query = {}) => (await readAll(client, path, ada, query)).map(({ text }) => text).join('')
    ;(await client.put(a).headers(bert.headers)).assertStatus(403)
    assert.equal(await order(), 'cba')
    for (let n = 0; n < 2; n++) (await client.put(a).headers(ada.headers)).assertStatus(204)
    assert.deepEqual([await order(), await order({ limit: 1 }), await order({ sort: 'top' })], ['acb', 'acb', 'acb'])
    ;(await client.put(b).headers(ada.headers)).assertStatus(204)
    assert.deepEqual([await order(), await order({ sort: 'oldest' })], ['bca', 'bac'])
    assert.lengthOf(await Comment.query().whereNotNull('pinnedAt'), 1)
    for (let n = 0; n < 2; n++) (await client.delete(b).headers(ada.headers)).assertStatus(204)
    assert.equal(await order(), 'cba')
  })

  test('is one on the post itself, and pinned no more once it was removed', async ({ client, assert }) => {
    const { ada, bert, made, path } = await scene(client)
    const reply = await write(client, bert, made[0])
    const refused = await client.put(`/v1/comments/${reply.id}/pin`).headers(ada.headers)
    refused.assertStatus(409)
    assert.equal(refused.body().code, 'E_NOT_PINNABLE')
    await client.put(`/v1/comments/${made[0].id}/pin`).headers(ada.headers)
    await client.delete(`/v1/comments/${made[0].id}`).headers(bert.headers)
    const [first, , last] = await readAll(client, path, ada)
    assert.deepEqual([first.text, last.isDeleted], ['c', true])
    await client.put(`/v1/comments/${made[0].id}/restoration`).headers(bert.headers)
    assert.equal((await readAll(client, path, ada))[0].text, 'c')
  })

  test('and others that are written, edited and removed meanwhile keep each other from nothing', async ({
    client,
    assert,
  }) => {
    const { ada, bert, post, made } = await scene(client)
    const pins = made.map(({ id }) => `/v1/comments/${id}/pin`)
    const work = [0, 1, 2].flatMap((n) => [
      client.put(pins[n]).headers(ada.headers),
      client.post(`/v1/comments/${made[n].id}/replies`).headers(bert.headers).json({ text: 'Hi' }),
      client
        .patch(`/v1/comments/${made[n].id}`)
        .headers(bert.headers)
        .json({ text: `#tag${n}` }),
      client.put(pins[(n + 1) % 3]).headers(ada.headers),
      ...(n === 2 ? [client.delete(`/v1/comments/${made[n].id}`).headers(bert.headers)] : []),
    ])
    const statuses = (await Promise.all(work)).map((response) => response.status())
    assert.isEmpty(statuses.filter((status) => ![200, 201, 204, 404].includes(status)))
    assert.isAtMost((await Comment.query().withTrashed().whereNotNull('pinnedAt')).length, 1)
    const removed = await Comment.query().onlyTrashed().where('postId', post.id)
    assert.deepEqual(
      removed.map(({ removedById }) => removedById),
      [bert.id]
    )
    assert.isEmpty(await problemsOf(post.id))
  })
})
