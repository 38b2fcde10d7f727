import type { ApiClient } from '@japa/api-client'
import { test } from '@japa/runner'
import Block from '#models/block'
import Comment from '#models/comment'
import CommentLike from '#models/comment_like'
import User from '#models/user'
import { write } from '#tests/functional/comments/thread'
import { cleanUp, newcomer, publish } from '#tests/helpers'

async function scene(client: ApiClient) {
  const [ada, bert, cleo] = [await newcomer(client), await newcomer(client), await newcomer(client)]
  const post = await publish(client, ada)
  const comment = await Comment.findOrFail((await write(client, bert, post, 'Where is that?')).id)
  return { ada, bert, cleo, post, comment, path: `/v1/comments/${comment.id}/like` }
}

test.group('Likes of comments', (group) => {
  group.each.setup(cleanUp)

  test('are counted once, and taken back once', async ({ client, assert }) => {
    const { ada, bert, comment, path } = await scene(client)
    const likes = async () => (await comment.refresh()).likesCount
    ;(await client.put(path)).assertStatus(401)
    for (const { headers } of [ada, bert, bert]) (await client.put(path).headers(headers)).assertStatus(204)
    assert.equal(await likes(), 2)
    assert.lengthOf(await CommentLike.query().where('commentId', comment.id), 2)
    assert.isTrue(await comment.isLikedBy(await User.findOrFail(bert.id)))
    for (let n = 0; n < 2; n++) (await client.delete(path).headers(bert.headers)).assertStatus(204)
    assert.equal(await likes(), 1)
    assert.isFalse(await comment.isLikedBy(await User.findOrFail(bert.id)))
    assert.isTrue(await comment.isLikedBy(await User.findOrFail(ada.id)))
  })

  test('are for those who see the comment, its author and the post', async ({ client, assert }) => {
    const { ada, bert, cleo, post, comment, path } = await scene(client)
    const statuses = async (headers = cleo.headers) => [
      (await client.put(path).headers(headers)).status(),
      (await client.delete(path).headers(headers)).status(),
    ]
    const [seen, notThere] = [
      [204, 204],
      [404, 404],
    ]
    assert.deepEqual(await statuses(), seen)

    const block = await Block.create({ blockerId: bert.id, blockedId: cleo.id })
    assert.deepEqual([await statuses(), await statuses(ada.headers)], [notThere, seen])
    await block.delete()

    await client.put(`/v1/posts/${post.id}/archive`).headers(ada.headers)
    assert.deepEqual([await statuses(), await statuses(ada.headers)], [notThere, seen])
    await client.delete(`/v1/posts/${post.id}/archive`).headers(ada.headers)

    await comment.delete()
    assert.deepEqual(await statuses(), notThere)
    await comment.restore()
    assert.deepEqual(await statuses(), seen)

    await client.delete(`/v1/users/${bert.username}`).headers(bert.headers)
    assert.deepEqual(await statuses(), notThere)
    assert.lengthOf(await CommentLike.all(), 0)
  })
})
