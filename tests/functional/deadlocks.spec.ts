import { AsyncLocalStorage } from 'node:async_hooks'
import { Exception } from '@adonisjs/core/exceptions'
import db from '@adonisjs/lucid/services/db'
import type { ApiClient } from '@japa/api-client'
import { test } from '@japa/runner'
import { problemOf } from '#exceptions/problem'
import Comment from '#models/comment'
import Post, { MAX_PINS } from '#models/post'
import User from '#models/user'
import { beforeCommit } from '#providers/commit_guard/index'
import { cleanUp, newcomer, publish, upload } from '#tests/helpers'

const ANOTHER = 'quite another passphrase'

const work = new AsyncLocalStorage<{ isEnded: boolean }>()

class Deadlock extends Exception {
  static code = '40P01'
  static message = 'deadlock detected'
}

/** Does the work, of which the first transaction is ended as PostgreSQL ends one of two: when all of it was written. */
async function deadlocked(verb: () => Promise<unknown>) {
  const own = { isEnded: false }
  const stop = beforeCommit(() => {
    if (work.getStore() !== own || own.isEnded) return
    own.isEnded = true
    throw new Deadlock()
  })
  try {
    await work.run(own, verb)
  } finally {
    stop()
  }
  return own.isEnded
}

async function adaAndHerPost(client: ApiClient) {
  const ada = await newcomer(client, 'ada')
  const { id } = await publish(client, ada, { caption: 'Lake' })
  return { ada, user: await User.findOrFail(ada.id), post: await Post.findOrFail(id) }
}

const row = (table: string, { id }: { id: string }) => db.from(table).where('id', id).firstOrFail()

test.group('What a deadlock ended', (group) => {
  group.each.setup(cleanUp)

  test('is published once', async ({ client, assert }) => {
    const { ada, user } = await adaAndHerPost(client)
    const { id } = await upload(client, ada)
    const album = { mediaIds: [id], caption: 'Hill', visibility: 'public' as const }
    assert.isTrue(await deadlocked(() => Post.publish(user, album)))
    const [post, ...others] = await db.from('posts').where('caption', 'Hill')
    assert.isEmpty(others)
    assert.equal((await row('media', { id })).post_id, post.id)
    assert.equal((await row('users', ada)).posts_count, 2)
  })

  test('is pinned', async ({ client, assert }) => {
    const { post } = await adaAndHerPost(client)
    assert.isTrue(await deadlocked(() => post.pin()))
    assert.isNotNull((await row('posts', post)).pinned_at)
    assert.isTrue(post.isPinned)
  })

  test('is restored, unpinned where others were pinned meanwhile', async ({ client, assert }) => {
    const { ada, post } = await adaAndHerPost(client)
    await post.pin()
    await post.delete()
    for (let count = 0; count < MAX_PINS; count++) await (await Post.findOrFail((await publish(client, ada)).id)).pin()
    assert.isTrue(await deadlocked(() => post.restore()))
    assert.containsSubset(await row('posts', post), { deleted_at: null, pinned_at: null })
  })

  test('is a comment that is restored', async ({ client, assert }) => {
    const { user, post } = await adaAndHerPost(client)
    const comment = await post.comment(user, 'So bright')
    await comment.remove(user)
    const removed = await Comment.findRestorable(comment.id, user)
    assert.isTrue(await deadlocked(() => removed.restore()))
    assert.isNull((await row('comments', comment)).deleted_at)
  })

  test('is the password, and ends the sessions', async ({ client, assert }) => {
    const { user } = await adaAndHerPost(client)
    assert.isTrue(await deadlocked(() => user.changePassword(ANOTHER)))
    assert.isNotNull(await User.logIn('ada', ANOTHER))
    assert.isEmpty(await db.from('auth_access_tokens'))
  })

  test('is an account that is deleted, and comes back when its owner logs in', async ({ client, assert }) => {
    const { user, post } = await adaAndHerPost(client)
    assert.isTrue(await deadlocked(() => user.delete()))
    for (const [table, each] of Object.entries({ users: user, posts: post }))
      assert.isNotNull((await row(table, each)).deleted_at)
    assert.isEmpty(await db.from('auth_access_tokens'))

    const gone = await User.recoverable('ada').firstOrFail()
    assert.isTrue(await deadlocked(() => gone.logInWith({ device: null })))
    for (const [table, each] of Object.entries({ users: user, posts: post }))
      assert.isNull((await row(table, each)).deleted_at)
    assert.lengthOf(await db.from('auth_access_tokens'), 1)
  })

  test('is an account that comes back under another name', async ({ client, assert }) => {
    const { user } = await adaAndHerPost(client)
    await user.delete()
    assert.isTrue(await deadlocked(() => user.recover({ username: 'Adele' })))
    assert.containsSubset(await row('users', user), { deleted_at: null, username: 'Adele', username_key: 'adele' })
  })

  test('is an account that is suspended', async ({ client, assert }) => {
    const { user } = await adaAndHerPost(client)
    assert.isTrue(await deadlocked(() => user.suspend()))
    assert.isNotNull((await row('users', user)).suspended_at)
  })

  test('is archived, and pinned no more', async ({ client, assert }) => {
    const { post } = await adaAndHerPost(client)
    await post.pin()
    assert.isTrue(await deadlocked(() => post.archive()))
    const { archived_at: archivedAt, pinned_at: pinnedAt } = await row('posts', post)
    assert.isNotNull(archivedAt)
    assert.isNull(pinnedAt)
  })

  test('is something to try again, where it is not done again', ({ assert }) => {
    assert.containsSubset(problemOf(new Deadlock()), { status: 503, code: 'E_UNAVAILABLE' })
  })
})
