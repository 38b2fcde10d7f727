import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import Comment from '#models/comment'
import Mention from '#models/mention'
import Post from '#models/post'
import User from '#models/user'
import { problemsOf, write } from '#tests/functional/comments/thread'
import { deadlockOnce } from '#tests/deadlock'
import { cleanUp, eventually, newcomer, publish } from '#tests/helpers'

const isPostgres = db.primaryConnectionName === 'postgres'

/** A comment of Ada's on her post, as several have read it. */
async function scene(client: ApiClient) {
  const [ada, bert] = [await newcomer(client), await newcomer(client)]
  const post = await publish(client, ada)
  const { id } = await write(client, ada, post, 'before')
  const [one, other, third] = await Promise.all([1, 2, 3].map(() => Comment.findOrFail(id)))
  const stored = () => Comment.query().withTrashed().where('id', id).firstOrFail()
  const hashtags = async () => {
    const tagged = db.from('post_hashtags').join('hashtags', 'hashtags.id', 'hashtag_id').where('post_id', post.id)
    return (await tagged).map(({ name }) => name).sort()
  }
  return { ada, bert, post, one, other, third, stored, hashtags, author: await User.findOrFail(ada.id) }
}

/** Whether so many wait for a lock: asked outside of transactions, which go on seeing what there was at first. */
async function areWaiting(count: number): Promise<boolean> {
  const waiting = db.from('pg_stat_activity').where('wait_event_type', 'Lock')
  return (await waiting.whereRaw('datname = current_database()')).length >= count
}

/** The code of what it fails with. */
const codeOf = (work: () => Promise<unknown>): Promise<string | null> =>
  work().then(
    () => null,
    ({ code }) => code
  )

/**
 * Begins these one after the other, each when the ones before it wait for the post; SQLite has one connection, so there each
 * is done when the next one begins.
 */
async function inTurn({ id }: { id: string }, works: (() => Promise<unknown>)[]) {
  const codes: (Promise<string | null> | string | null)[] = []
  if (!isPostgres) for (const work of works) codes.push(await codeOf(work))
  else
    await db.transaction(async (client) => {
      await client.from('posts').where('id', id).forUpdate()
      for (const work of works) {
        codes.push(codeOf(work))
        await eventually(() => areWaiting(codes.length), 'all of them wait')
      }
    })
  return Promise.all(codes)
}

test.group('A comment that two change at once', (group) => {
  group.each.setup(cleanUp)

  test('gives its post the hashtags of what it says at the end', async ({ client, assert }) => {
    const { post, one, other, third, stored, hashtags } = await scene(client)
    const edits = [() => one.edit({ text: '#race' }), () => other.edit({ text: 'plain' })]
    assert.deepEqual(await inTurn(post, edits), [null, null])
    assert.equal((await stored()).text, 'plain')
    assert.deepEqual(await hashtags(), [])
    await third.edit({ text: '#later' })
    assert.deepEqual(await hashtags(), ['later'])
  })

  test('leaves no hashtag where it is removed, and brings its last one back', async ({ client, assert }) => {
    const { post, one, other, third, hashtags, author } = await scene(client)
    const works = [() => one.edit({ text: '#gone' }), () => other.remove(author)]
    assert.deepEqual(await inTurn(post, works), [null, null])
    assert.deepEqual(await hashtags(), [])
    await third.restore()
    assert.deepEqual(await hashtags(), ['gone'])
  })

  test('is not edited where it was removed, and comes back as it was', async ({ client, assert }) => {
    const { post, one, other, third, stored, author } = await scene(client)
    const works = [() => one.remove(author), () => other.edit({ text: '#after' }), () => third.remove(author)]
    assert.deepEqual(await inTurn(post, works), [null, 'E_ROW_NOT_FOUND', 'E_ROW_NOT_FOUND'])
    await third.restore()
    const { text, editedAt } = await stored()
    assert.deepEqual([text, editedAt], ['before', null])
  })

  test('is not pinned where it was removed, and the one that was stays', async ({ client, assert }) => {
    const { ada, post, one, other, author } = await scene(client)
    const pinned = await Comment.findOrFail((await write(client, ada, post)).id)
    await pinned.pin()
    const works = [() => one.remove(author), () => other.pin()]
    assert.deepEqual(await inTurn(post, works), [null, 'E_ROW_NOT_FOUND'])
    assert.isTrue((await pinned.refresh()).isPinned)
  })

  test('is edited once where a deadlock ended the first try', async ({ client, assert }) => {
    const { ada, bert, one, stored } = await scene(client)
    deadlockOnce(Mention, 'replace')
    const path = `/v1/comments/${one.id}`
    const edited = await client
      .patch(path)
      .headers(ada.headers)
      .json({ text: `@${bert.username}` })
    edited.assertStatus(200)
    assert.equal((await stored()).text, `@${bert.username}`)
    assert.lengthOf(await Mention.query().where('commentId', one.id), 1)
  })
})

test.group('Who waits to comment', (group) => {
  group.each.setup(cleanUp)

  test('is bound by what happened to the post meanwhile', async ({ client, assert }) => {
    const { ada, bert, post, one } = await scene(client)
    const [writer, found] = [await User.findOrFail(bert.id), await Post.findOrFail(post.id)]
    const works = [() => found.comment(writer, 'Hi'), () => one.reply(writer, 'Hi')]
    const refusals = async (...codes: (string | null)[]) =>
      assert.deepEqual(await Promise.all(works.map(codeOf)), codes)
    const at = async (action: string, method: 'put' | 'delete' = 'put') =>
      (await client[method](action).headers(ada.headers)).assertStatus(204)
    const path = `/v1/posts/${post.id}`

    await at(`${path}/comment-lock`)
    await refusals('E_COMMENTS_LOCKED', 'E_COMMENTS_LOCKED')
    await at(`${path}/comment-lock`, 'delete')
    await (await User.findOrFail(ada.id)).block(writer)
    await refusals('E_ROW_NOT_FOUND', 'E_ROW_NOT_FOUND')
    await (await User.findOrFail(ada.id)).unblock(writer)
    await at(`/v1/comments/${one.id}`, 'delete')
    await refusals(null, 'E_ROW_NOT_FOUND')
    await at(path, 'delete')
    await refusals('E_NOT_FOUND', 'E_ROW_NOT_FOUND')
    await at(`${path}/restoration`)
    assert.lengthOf(await Comment.query().where('postId', post.id), 1)
    assert.equal((await Post.findOrFail(post.id)).commentsCount, 1)
    assert.isEmpty(await problemsOf(post.id))
  })

  test('is bound by what happened while they waited for the tree', async ({ client, assert }) => {
    if (!isPostgres) return
    const { ada, bert, post, one } = await scene(client)
    const waiting = await db.transaction(async (transaction) => {
      await transaction.rawQuery('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`comments:${post.id}`])
      const paths = [`/v1/posts/${post.id}/comments`, `/v1/comments/${one.id}/replies`]
      const requests = paths.map((path) => client.post(path).headers(bert.headers).json({ text: 'Hi' }).send())
      await eventually(() => areWaiting(2), 'both wait for the tree')
      ;(await client.put(`/v1/posts/${post.id}/comment-lock`).headers(ada.headers)).assertStatus(204)
      return { requests }
    })
    for (const response of await Promise.all(waiting.requests)) response.assertStatus(403)
    assert.lengthOf(await Comment.query().where('postId', post.id), 1)
  })

  test('finds nothing where the post goes to the trash, and so does who replies', async ({ client, assert }) => {
    if (!isPostgres) return
    const { bert, post, one } = await scene(client)
    const requests = await db.transaction(async (transaction) => {
      await transaction.from('posts').where('id', post.id).forUpdate()
      const paths = [`/v1/posts/${post.id}/comments`, `/v1/comments/${one.id}/replies`]
      const sent = paths.map((path) => client.post(path).headers(bert.headers).json({ text: 'Hi' }).send())
      await eventually(() => areWaiting(2), 'both wait for the post or the tree')
      await Post.query({ client: transaction }).where('id', post.id).delete()
      return { sent }
    })
    for (const response of await Promise.all(requests.sent)) {
      response.assertStatus(404)
      assert.equal(response.body().code, 'E_NOT_FOUND')
    }
  })
})
