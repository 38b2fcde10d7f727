import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import Comment from '#models/comment'
import Post from '#models/post'
import User from '#models/user'
import { purge } from '#providers/soft_delete/index'
import { problemsOf, readAll, write } from '#tests/functional/comments/thread'
import { cleanUp, logIn, newcomer, publish } from '#tests/helpers'

/** A comment of Bert's, a reply of Cleo's, and one of Ada's to that; the post is Ada's. */
async function scene(client: ApiClient) {
  const [ada, bert, cleo] = [await newcomer(client), await newcomer(client), await newcomer(client)]
  const post = await publish(client, ada)
  const comment = await write(client, bert, post, 'one')
  const reply = await write(client, cleo, comment, 'two')
  const last = await write(client, ada, reply, 'three')
  const remove = ({ headers }: typeof ada, { id }: { id: string }) =>
    client.delete(`/v1/comments/${id}`).headers(headers)
  const restore = ({ headers }: typeof ada, { id }: { id: string }) =>
    client.put(`/v1/comments/${id}/restoration`).headers(headers)
  const list = (person = ada) => readAll(client, `/v1/posts/${post.id}/comments`, person)
  return { ada, bert, cleo, post, comment, reply, last, remove, restore, list }
}

const TOMBSTONE = { isDeleted: true, text: null, author: null, editedAt: null, pinnedAt: null }

const countsOf = async (...ids: string[]) =>
  Promise.all(ids.map(async (id) => (await Comment.query().withTrashed().where('id', id).firstOrFail()).repliesCount))

test.group('A comment that is removed', (group) => {
  group.each.setup(cleanUp)

  test('leaves a tombstone while something lives below it, and nothing afterwards', async ({ client, assert }) => {
    const { ada, bert, cleo, post, comment, reply, last, remove, list } = await scene(client)
    assert.deepEqual((await list())[0].counts, { likes: 0, replies: 1, more: 0 })
    ;(await remove(bert, comment)).assertStatus(204)
    ;(await remove(cleo, reply)).assertStatus(204)
    const [thread] = await list()
    assert.containsSubset(thread, { id: comment.id, ...TOMBSTONE, counts: { likes: 0, replies: 0, more: 0 } })
    assert.containsSubset(thread.replies.data, [
      { id: reply.id, ...TOMBSTONE },
      { id: last.id, text: 'three' },
    ])
    assert.notInclude(JSON.stringify(thread), bert.username)
    for (const { id } of [comment, reply]) {
      ;(await client.get(`/v1/comments/${id}`)).assertStatus(404)
      ;(await client.post(`/v1/comments/${id}/replies`).headers(ada.headers).json({ text: 'Hi' })).assertStatus(404)
    }
    const below = await readAll(client, `/v1/comments/${comment.id}/replies`, ada, { limit: 1 })
    assert.deepEqual(
      below.map(({ id }) => id),
      [reply.id, last.id]
    )
    ;(await remove(ada, last)).assertStatus(204)
    assert.isEmpty(await list())
    ;(await client.get(`/v1/comments/${comment.id}/replies`)).assertStatus(404)
    assert.equal((await Post.findOrFail(post.id)).commentsCount, 0)
    assert.isEmpty(await problemsOf(post.id))
  })

  test('is removed by its writer or the author of the post, and restored by who removed it', async ({
    client,
    assert,
  }) => {
    const { ada, bert, cleo, post, comment, reply, remove, restore, list } = await scene(client)
    ;(await remove(cleo, comment)).assertStatus(403)
    ;(await client.delete(`/v1/comments/${comment.id}`)).assertStatus(401)
    ;(await remove(ada, comment)).assertStatus(204)
    ;(await restore(bert, comment)).assertStatus(404)
    ;(await remove(cleo, reply)).assertStatus(204)
    ;(await restore(ada, reply)).assertStatus(404)
    assert.deepEqual(await countsOf(comment.id, reply.id), [0, 1])
    for (let n = 0; n < 2; n++) (await restore(ada, comment)).assertStatus(204)
    for (let n = 0; n < 2; n++) (await restore(cleo, reply)).assertStatus(204)
    const [thread] = await list()
    assert.containsSubset(thread, { text: 'one', replies: { data: [{ text: 'two' }, { text: 'three' }] } })
    assert.deepEqual(await countsOf(comment.id, reply.id), [1, 1])
    assert.equal((await Post.findOrFail(post.id)).commentsCount, 3)
    assert.isEmpty(await problemsOf(post.id))
  })

  test('stays removed where its post went to the trash and came back', async ({ client, assert }) => {
    const { ada, bert, post, comment, remove, restore, list } = await scene(client)
    await remove(bert, comment)
    await client.delete(`/v1/posts/${post.id}`).headers(ada.headers)
    ;(await restore(bert, comment)).assertStatus(404)
    await client.put(`/v1/posts/${post.id}/restoration`).headers(ada.headers)
    const [thread] = await list()
    assert.containsSubset(thread, { id: comment.id, isDeleted: true, counts: { replies: 1 } })
    ;(await restore(bert, comment)).assertStatus(204)
    assert.containsSubset((await list())[0], { text: 'one' })
  })

  test('stays removed while its writer is gone, which is told to nobody', async ({ client, assert }) => {
    const { ada, bert, comment, remove, restore, list } = await scene(client)
    await remove(ada, comment)
    await client.delete(`/v1/users/${bert.username}`).headers(bert.headers)
    const refused = await restore(ada, comment)
    refused.assertStatus(404)
    assert.equal(refused.body().code, 'E_NOT_FOUND')
    await logIn(client, bert.username)
    ;(await restore(ada, comment)).assertStatus(204)
    assert.containsSubset((await list())[0], { text: 'one' })
  })

  test('lets its replies move up when its time in the trash is over', async ({ client, assert }) => {
    const { bert, post, comment, reply, remove, list } = await scene(client)
    await remove(bert, comment)
    await (await Comment.query().withTrashed().where('id', comment.id).firstOrFail()).forceDelete()
    assert.containsSubset(await list(), [{ id: reply.id, parentId: null, depth: 0, counts: { replies: 1 } }])
    assert.isEmpty(await problemsOf(post.id))
  })
})

test.group('A comment whose time in the trash is over', (group) => {
  group.each.setup(cleanUp)

  test('is purged while replies are written in its thread, which is then that of each reply', async ({
    client,
    assert,
  }) => {
    const { ada, bert, post, comment, reply, last, remove, list } = await scene(client)
    const other = await write(client, ada, comment, 'four')
    await remove(bert, comment)
    await db.from('comments').where('id', comment.id).update({ deleted_at: '2026-01-01T00:00:00.000Z' })
    const [batches] = await Promise.all([
      Array.fromAsync(purge({ model: Comment })),
      ...Array.from({ length: 6 }, () => write(client, ada, last, 'below')),
    ])
    assert.deepEqual(batches, [{ rows: 1, counts: { comments: 1 } }])
    const found = (await list()).map(({ id, counts }) => [id, counts.replies, counts.more])
    assert.deepEqual(found, [
      [other.id, 0, 0],
      [reply.id, 1, 4],
    ])
    assert.isEmpty(await problemsOf(post.id))
  })
})

test.group('A comment of an account that is purged', (group) => {
  group.each.setup(cleanUp)

  test('leaves a thread to each reply where its post is in the trash and comes back', async ({ client, assert }) => {
    const { ada, bert, post, reply, last, list } = await scene(client)
    await client.delete(`/v1/posts/${post.id}`).headers(ada.headers)
    await (await User.findOrFail(bert.id)).delete()
    const [batch] = await Array.fromAsync(purge({ model: User, olderThan: 0 }))
    assert.deepEqual(batch.counts, { users: 1, comments: 1 })
    await client.put(`/v1/posts/${post.id}/restoration`).headers(ada.headers)
    assert.isEmpty(await problemsOf(post.id))
    const [thread] = await list()
    assert.containsSubset(thread, { id: reply.id, counts: { replies: 1 }, replies: { data: [{ id: last.id }] } })
  })
})

test.group('A comment of somebody whom one does not see', (group) => {
  group.each.setup(cleanUp)

  test('is a tombstone for those between whom there is a block, and for nobody else', async ({ client, assert }) => {
    const { ada, bert, cleo, comment, reply, list } = await scene(client)
    for (const [one, other] of [
      [bert, cleo],
      [cleo, bert],
    ]) {
      await client.put(`/v1/users/${other.username}/block`).headers(one.headers)
      const [forBert] = await list(bert)
      assert.containsSubset(forBert, { text: 'one', counts: { replies: 0, more: 0 } })
      assert.containsSubset(forBert.replies.data, [{ id: reply.id, ...TOMBSTONE }, { text: 'three' }])
      const [forCleo] = await list(cleo)
      assert.containsSubset(forCleo, { id: comment.id, ...TOMBSTONE, counts: { replies: 1 } })
      assert.containsSubset((await list(ada))[0], { text: 'one', counts: { replies: 1 } })
      ;(await client.get(`/v1/comments/${reply.id}`).headers(bert.headers)).assertStatus(404)
      await client.delete(`/v1/users/${other.username}/block`).headers(one.headers)
    }
    assert.containsSubset((await list(bert))[0], { counts: { replies: 1 } })
  })

  test('is one where they are suspended or gone, until they are back', async ({ client, assert }) => {
    const { bert, comment, list } = await scene(client)
    await db.from('users').where('id', bert.id).update({ suspended_at: new Date().toISOString() })
    assert.containsSubset(await list(), [{ id: comment.id, ...TOMBSTONE }])
    await db.from('users').where('id', bert.id).update({ suspended_at: null })
    assert.containsSubset(await list(), [{ text: 'one' }])
    await (await User.findOrFail(bert.id)).delete()
    assert.containsSubset(await list(), [{ id: comment.id, ...TOMBSTONE }])
  })

  test('without replies is not there', async ({ client, assert }) => {
    const { ada, bert, post, list } = await scene(client)
    const alone = await write(client, bert, post, 'alone')
    assert.lengthOf(await list(), 2)
    await client.put(`/v1/users/${bert.username}/block`).headers(ada.headers)
    assert.lengthOf(await list(), 1)
    ;(await client.get(`/v1/comments/${alone.id}/replies`).headers(ada.headers)).assertStatus(404)
  })
})

test.group('A comment that is edited', (group) => {
  group.each.setup(cleanUp)

  test('says so, and mentions whom it mentions now', async ({ client, assert }) => {
    const { ada, bert, cleo, comment } = await scene(client)
    const path = `/v1/comments/${comment.id}`
    const edit = async ({ headers }: typeof ada, text: string) => client.patch(path).headers(headers).json({ text })
    const mentioned = async () => (await db.from('mentions').where('comment_id', comment.id)).map((row) => row.user_id)
    ;(await edit(ada, 'No')).assertStatus(403)
    ;(await edit(bert, ' ')).assertStatus(422)
    assert.isNull((await edit(bert, 'one')).body().data.editedAt)
    const edited = await edit(bert, `@${cleo.username}!`)
    edited.assertStatus(200)
    assert.isString(edited.body().data.editedAt)
    assert.deepEqual(await mentioned(), [cleo.id])
    await edit(bert, `@${ada.username}!`)
    assert.deepEqual(await mentioned(), [ada.id])
    assert.equal((await client.get(path)).body().data.text, `@${ada.username}!`)
  })
})
