import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type { ApiClient } from '@japa/api-client'
import Comment from '#models/comment'
import Post from '#models/post'
import { MAX_LEVELS } from '#models/comment'
import { problemsOf, readAll, write } from '#tests/functional/comments/thread'
import { cleanUp, newcomer, publish } from '#tests/helpers'
import { countStatements } from '#tests/statements'

async function scene(client: ApiClient) {
  const [ada, bert, cleo] = [await newcomer(client), await newcomer(client), await newcomer(client)]
  const post = await publish(client, ada)
  return { ada, bert, cleo, post, path: `/v1/posts/${post.id}/comments` }
}

const texts = (comments: { text: string | null }[]) => comments.map(({ text }) => text)

test.group('Comments', (group) => {
  group.each.setup(cleanUp)

  test('are written on a post and below each other, and counted', async ({ client, assert }) => {
    const { ada, bert, post, path } = await scene(client)
    ;(await client.post(path).json({ text: 'Where?' })).assertStatus(401)
    const comment = await write(client, bert, post, '  Where is that, @nobody?  ')
    assert.containsSubset(comment, {
      ...{ text: 'Where is that, @nobody?', postId: post.id, parentId: null, depth: 0, isDeleted: false },
      ...{ author: { username: bert.username }, viewer: { isAuthor: true, likes: false }, editedAt: null },
      counts: { likes: 0, replies: 0 },
    })
    const reply = await write(client, ada, comment, 'In Paris')
    assert.containsSubset(reply, { parentId: comment.id, depth: 1, text: 'In Paris' })
    const shown = await client.get(`/v1/comments/${comment.id}`).headers(ada.headers)
    assert.containsSubset(shown.body().data, { counts: { replies: 1 }, viewer: { isAuthor: false } })
    assert.equal((await Post.findOrFail(post.id)).commentsCount, 2)
    assert.equal((await Comment.findOrFail(comment.id)).repliesCount, 1)
    assert.isEmpty(await problemsOf(post.id))
  })

  test('have 1 to 2,200 characters and mention those whom their writer sees', async ({ client, assert }) => {
    const { ada, bert, cleo, post, path } = await scene(client)
    for (const text of ['', ' \n ', 'a'.repeat(2201), 7])
      (await client.post(path).headers(bert.headers).json({ text })).assertStatus(422)
    await write(client, bert, post, '👩‍👩‍👧'.repeat(2200))
    await client.put(`/v1/users/${bert.username}/block`).headers(cleo.headers)
    const { id } = await write(client, bert, post, `@${ada.username} and @${cleo.username}`)
    const mentions = await db.from('mentions').where('comment_id', id)
    assert.deepEqual(
      mentions.map(({ user_id: user, post_id: of }) => [user, of]),
      [[ada.id, post.id]]
    )
  })

  test('are for those who see the post, and the comment that they answer', async ({ client }) => {
    const { ada, bert, cleo, post, path } = await scene(client)
    const comment = await write(client, bert, post)
    const answer = `/v1/comments/${comment.id}/replies`
    const expectStatus = async (address: string, status: number) => {
      ;(await client.post(address).headers(cleo.headers).json({ text: 'Hello' })).assertStatus(status)
      ;(await client.get(address).headers(cleo.headers)).assertStatus(status === 201 ? 200 : status)
    }
    await client.put(`/v1/users/${cleo.username}/block`).headers(bert.headers)
    await expectStatus(path, 201)
    await expectStatus(answer, 404)
    await client.delete(`/v1/users/${cleo.username}/block`).headers(bert.headers)
    await expectStatus(answer, 201)
    await client.put(`/v1/posts/${post.id}/archive`).headers(ada.headers)
    await expectStatus(path, 404)
    await expectStatus(answer, 404)
  })

  test(`go ${MAX_LEVELS} levels deep and no deeper`, async ({ client, assert }) => {
    const { bert, post } = await scene(client)
    let last = await write(client, bert, post)
    for (let level = 2; level <= MAX_LEVELS; level++) last = await write(client, bert, last)
    const refused = await client.post(`/v1/comments/${last.id}/replies`).headers(bert.headers).json({ text: 'More' })
    refused.assertStatus(409)
    assert.equal(refused.body().code, 'E_TOO_DEEP')
    assert.lengthOf(await Comment.query().where('postId', post.id), MAX_LEVELS)
    assert.isEmpty(await problemsOf(post.id))
  })

  test('are listed with their first replies, and the others are paged in reading order', async ({ client, assert }) => {
    const { ada, bert, post, path } = await scene(client)
    const one = await write(client, bert, post, '1')
    const two = await write(client, ada, post, '2')
    const under = await write(client, ada, one, '1.1')
    await write(client, bert, one, '1.2')
    await write(client, bert, under, '1.1.1')
    await write(client, ada, one, '1.3')
    await write(client, ada, two, '2.1')

    const [newest, oldest] = await readAll(client, path, ada)
    assert.deepEqual(texts([newest, oldest]), ['2', '1'])
    assert.deepEqual(texts(oldest.replies.data), ['1.1', '1.1.1', '1.2'])
    assert.deepEqual(
      [oldest.counts, newest.counts],
      [
        { likes: 0, replies: 3, more: 1 },
        { likes: 0, replies: 1, more: 0 },
      ]
    )
    assert.isNull(newest.replies.meta.nextCursor)
    const further = await client
      .get(`/v1/comments/${one.id}/replies`)
      .headers(ada.headers)
      .qs({ cursor: oldest.replies.meta.nextCursor })
    assert.deepEqual(texts(further.body().data), ['1.3'])
    const all = await readAll(client, `/v1/comments/${one.id}/replies`, ada, { limit: 1 })
    assert.deepEqual(texts(all), ['1.1', '1.1.1', '1.2', '1.3'])
    assert.deepEqual(texts(await readAll(client, `/v1/comments/${under.id}/replies`, ada)), ['1.1.1'])
  })

  test('come newest, oldest or most liked first, page by page', async ({ client, assert }) => {
    const { ada, bert, post, path } = await scene(client)
    const made = []
    for (const text of ['a', 'b', 'c', 'd']) made.push(await write(client, bert, post, text))
    for (const { headers } of [ada, bert]) await client.put(`/v1/comments/${made[1].id}/like`).headers(headers)
    await client.put(`/v1/comments/${made[3].id}/like`).headers(ada.headers)
    for (const limit of [1, 3, 30]) {
      const order = async (sort: string) => texts(await readAll(client, path, ada, { sort, limit })).join('')
      assert.deepEqual([await order('newest'), await order('oldest'), await order('top')], ['dcba', 'abcd', 'bdca'])
    }
    ;(await client.get(path).qs({ sort: 'worst' })).assertStatus(422)
  })

  test('go on after one in the trash, and say so where nobody knows the place of one any more', async ({
    client,
    assert,
  }) => {
    const { ada, bert, post, path } = await scene(client)
    const made = []
    for (const text of ['a', 'b', 'c']) made.push(await write(client, bert, post, text))
    const replies = []
    for (const text of ['d', 'e', 'f']) replies.push(await write(client, bert, made[0], text))
    const below = `/v1/comments/${made[0].id}/replies`
    const pages = [
      { address: path, cursor: made[1].id, sort: 'newest', rest: ['a'] },
      { address: path, cursor: made[1].id, sort: 'oldest', rest: ['c'] },
      { address: path, cursor: made[1].id, sort: 'top', rest: ['a'], isLost: true },
      { address: below, cursor: replies[1].id, rest: ['f'], isLost: true },
    ]
    const read = ({ address, cursor, sort }: (typeof pages)[number]) =>
      client.get(address).headers(ada.headers).qs({ cursor, sort })
    for (const { id } of [made[1], replies[1]]) await client.delete(`/v1/comments/${id}`).headers(bert.headers)
    for (const page of pages) assert.deepEqual(texts((await read(page)).body().data), page.rest)
    for (const { id } of [made[1], replies[1]])
      await (await Comment.query().withTrashed().where('id', id).firstOrFail()).forceDelete()
    for (const page of pages) {
      const response = await read(page)
      response.assertStatus(page.isLost ? 422 : 200)
      if (page.isLost) assert.containsSubset(response.body().errors, [{ field: 'cursor', rule: 'exists' }])
      else assert.deepEqual(texts(response.body().data), page.rest)
    }
    const [{ id: last }] = (await client.get(path).qs({ sort: 'newest' })).body().data.slice(-1)
    const end = await client.get(path).qs({ sort: 'top', cursor: last })
    end.assertStatus(200)
    assert.isEmpty(end.body().data)
  })

  test('are listed in two statements, however many there are', async ({ client, assert }) => {
    const { bert, post, path } = await scene(client)
    const first = await write(client, bert, post)
    const statements = async (address: string) =>
      countStatements(async () => (await client.get(address)).assertStatus(200))
    const few = [await statements(path), await statements(`/v1/comments/${first.id}/replies`)]
    for (let n = 0; n < 5; n++) {
      const comment = await write(client, bert, post)
      for (let m = 0; m < 4; m++) await write(client, bert, comment)
      await write(client, bert, first)
    }
    assert.deepEqual(few, [2, 2])
    assert.deepEqual([await statements(path), await statements(`/v1/comments/${first.id}/replies`)], few)
  })

  test('of many who write at once keep one tree in order', async ({ client, assert }) => {
    const { ada, bert, cleo, post } = await scene(client)
    const comment = await write(client, ada, post)
    const writers = [ada, bert, cleo, ada, bert, cleo]
    await Promise.all(writers.flatMap((each) => [write(client, each, comment), write(client, each, post)]))
    assert.isEmpty(await problemsOf(post.id))
    assert.equal((await Post.findOrFail(post.id)).commentsCount, 13)
    assert.equal((await Comment.findOrFail(comment.id)).repliesCount, 6)
    assert.lengthOf(await readAll(client, `/v1/comments/${comment.id}/replies`, ada), 6)
  })
})
