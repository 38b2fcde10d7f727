import db from '@adonisjs/lucid/services/db'
import type { ApiClient } from '@japa/api-client'
import { test } from '@japa/runner'
import { DateTime } from 'luxon'
import Comment from '#models/comment'
import { Password } from '#models/password'
import Post from '#models/post'
import User from '#models/user'
import { uuidv7 } from '#providers/portable/index'
import { purge } from '#providers/soft_delete/index'
import { deadlockOnce } from '#tests/deadlock'
import {
  PASSWORD,
  allFiles,
  changesDelivered,
  cleanUp,
  emptyDisk,
  fetchFile,
  logIn,
  newcomer,
  publish,
} from '#tests/helpers'
import { countStatements } from '#tests/statements'

const namesOf = async (client: ApiClient, username: string) => {
  const { data } = (await client.get(`/v1/users/${username}/posts`)).body()
  return data.map(({ caption }: any) => caption).sort()
}

/** Makes all of the trash look as if it had lain there so long. */
const age = async (table: string, period: object) => {
  const at = DateTime.utc().minus(period).toISO()
  await db.from(table).whereNotNull('deleted_at').update({ deleted_at: at })
}

async function comment(author: { id: string }, post: { id: string }, count: number, parentId: string | null = null) {
  const now = new Date().toISOString()
  const rows = Array.from({ length: count }, () => {
    const [user, on] = [{ user_id: author.id }, { post_id: post.id, parent_id: parentId }]
    return { id: uuidv7(), ...user, ...on, text: 'So bright', created_at: now, updated_at: now }
  })
  while (rows.length > 0) await db.table('comments').multiInsert(rows.splice(0, 400))
}

test.group('The trash', (group) => {
  group.each.setup(async () => {
    await cleanUp()
    await emptyDisk()
  })

  test('brings a deleted post back with its pictures, for its author alone', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const bert = await newcomer(client, 'bert')
    const post = await publish(client, ada, { pictures: 2, caption: 'Lake' })
    const path = `/v1/posts/${post.id}`
    const url = post.media[1].variants[0].url
    ;(await client.put(`${path}/like`).headers(bert.headers)).assertStatus(204)
    ;(await client.delete(path).headers(ada.headers)).assertStatus(204)

    for (const { headers } of [ada, bert]) (await client.get(path).headers(headers)).assertStatus(404)
    ;(await client.delete(path).headers(ada.headers)).assertStatus(404)
    ;(await client.put(`${path}/like`).headers(bert.headers)).assertStatus(404)
    ;(await fetchFile(client, url)).assertStatus(404)
    assert.deepEqual(await namesOf(client, 'ada'), [])
    assert.notInclude((await client.get('/')).text(), 'Lake')
    assert.equal((await client.get('/v1/users/ada')).body().data.counts.posts, 0)
    await changesDelivered()
    assert.lengthOf(await allFiles(), 16)
    ;(await client.put(`${path}/restoration`)).assertStatus(401)
    ;(await client.put(`${path}/restoration`).headers(bert.headers)).assertStatus(404)
    ;(await client.put(`/v1/posts/${uuidv7()}/restoration`).headers(ada.headers)).assertStatus(404)
    for (let twice = 0; twice < 2; twice++) {
      ;(await client.put(`${path}/restoration`).headers(ada.headers)).assertStatus(204)
    }
    const restored = (await client.get(path)).body().data
    assert.deepEqual(
      { ...restored, updatedAt: null },
      {
        ...post,
        counts: { ...post.counts, likes: 1 },
        viewer: { isAuthor: false, likes: false, bookmarks: false },
        updatedAt: null,
      }
    )
    ;(await fetchFile(client, url)).assertStatus(200)
    assert.equal((await client.get('/v1/users/ada')).body().data.counts.posts, 1)
  })

  test('brings a pinned post back unpinned where others were pinned meanwhile', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const posts = []
    for (let index = 0; index < 4; index++) posts.push(await publish(client, ada, { caption: String(index) }))
    const pin = async ({ id }: { id: string }) =>
      (await client.put(`/v1/posts/${id}/pin`).headers(ada.headers)).assertStatus(204)
    const isPinned = async ({ id }: { id: string }) =>
      (await client.get(`/v1/posts/${id}`)).body().data.pinnedAt !== null
    const restore = ({ id }: { id: string }) => client.put(`/v1/posts/${id}/restoration`).headers(ada.headers)
    await pin(posts[0])
    ;(await client.delete(`/v1/posts/${posts[0].id}`).headers(ada.headers)).assertStatus(204)
    await pin(posts[1])
    ;(await restore(posts[0])).assertStatus(204)
    assert.isTrue(await isPinned(posts[0]))
    ;(await client.delete(`/v1/posts/${posts[0].id}`).headers(ada.headers)).assertStatus(204)
    await pin(posts[2])
    await pin(posts[3])
    // The first try unpins it, and is undone.
    deadlockOnce(Post.prototype, 'unpin')
    ;(await restore(posts[0])).assertStatus(204)
    assert.isFalse(await isPinned(posts[0]))
  })

  test('moves the counters once when a post is deleted and restored a hundred times at once', async ({
    client,
    assert,
  }) => {
    const ada = await newcomer(client, 'ada')
    await publish(client, ada)
    const post = await publish(client, ada)
    const count = async () => (await client.get('/v1/users/ada')).body().data.counts.posts
    const hundred = Array.from({ length: 100 })
    const path = `/v1/posts/${post.id}`

    const deleted = await Promise.all(hundred.map(() => client.delete(path).headers(ada.headers)))
    assert.isTrue(deleted.every((response) => [204, 404].includes(response.status())))
    assert.equal(await count(), 1)
    const restored = await Promise.all(hundred.map(() => client.put(`${path}/restoration`).headers(ada.headers)))
    assert.isTrue(restored.every((response) => response.status() === 204))
    assert.equal(await count(), 2)
  })

  test('brings an account back when its owner logs in, with what went along and nothing else', async ({
    client,
    assert,
  }) => {
    const ada = await newcomer(client, 'ada')
    const bert = await newcomer(client, 'bert')
    const gone = await publish(client, ada, { caption: 'deleted before' })
    const kept = await publish(client, ada, { caption: 'kept' })
    const berts = await publish(client, bert)
    await comment(ada, berts, 3)
    ;(await client.delete(`/v1/posts/${gone.id}`).headers(ada.headers)).assertStatus(204)
    ;(await client.delete('/v1/users/ada').headers(ada.headers)).assertStatus(204)

    const commentsOf = async () => (await client.get(`/v1/posts/${berts.id}`)).body().data.counts.comments
    ;(await client.get(`/v1/posts/${kept.id}`)).assertStatus(404)
    ;(await client.get('/v1/users/ada/posts')).assertStatus(404)
    assert.notInclude(
      (await client.get('/v1/users')).body().data.map(({ username }: any) => username),
      'ada'
    )
    assert.equal(await commentsOf(), 0)
    const wrong = await client.post('/v1/session').json({ login: 'ada', password: `${PASSWORD}?` })
    wrong.assertStatus(401)
    ;(await client.get('/v1/users/ada')).assertStatus(404)

    const again = await logIn(client, 'Ada')
    assert.deepEqual(await namesOf(client, 'ada'), ['kept'])
    assert.equal(await commentsOf(), 3)
    ;(await client.get('/v1/sessions').headers(ada.headers)).assertStatus(401)
    assert.lengthOf((await client.get('/v1/sessions').headers(again.headers)).body().data, 1)
    ;(await client.put(`/v1/posts/${gone.id}/restoration`).headers(again.headers)).assertStatus(204)
    assert.deepEqual(await namesOf(client, 'ada'), ['deleted before', 'kept'])
  })

  test('lets nobody back who began to log in before the account was deleted', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const { matches } = Password
    Password.matches = async (...values) => {
      await (await User.findOrFail(ada.id)).delete()
      return matches.apply(Password, values)
    }
    try {
      await client.post('/v1/session').json({ login: 'ada', password: PASSWORD })
    } finally {
      Password.matches = matches
    }
    assert.isNull(await User.find(ada.id))
  })

  test('deletes, pins and archives what hangs together at once, and no deadlock reaches anybody', async ({
    client,
    assert,
  }) => {
    const [ada, bert] = [await newcomer(client, 'ada'), await newcomer(client, 'bert')]
    const post = await publish(client, ada)
    for (let round = 0; round < 8; round++) {
      const path = `/v1/posts/${post.id}`
      const both = [client.put(`${path}/pin`), client.put(`${path}/archive`)]
      const [pinned, archived] = await Promise.all(both.map((request) => request.headers(ada.headers)))
      assert.include([204, 409], pinned.status())
      assert.equal(archived.status(), 204)
      ;(await client.delete(`${path}/archive`).headers(ada.headers)).assertStatus(204)

      await comment(bert, post, 1)
      const [parent] = await db.from('comments').where('post_id', post.id).whereNull('deleted_at')
      await comment(bert, post, 1, parent.id)
      const comments = await Comment.query().where('postId', post.id)
      await Promise.all(comments.map((each) => each.delete()))

      await comment(bert, post, 5)
      const [host, guest] = [await Post.findOrFail(post.id), await User.findOrFail(bert.id)]
      await Promise.all([host.delete(), guest.delete()])
      await host.restore()
      await guest.restore()
    }
    const [{ total }] = await db.from('comments').where('post_id', post.id).whereNull('deleted_at').count('* as total')
    assert.equal((await Post.findOrFail(post.id)).commentsCount, Number(total))
  })

  test('frees the names of a deleted account, and says so when its owner comes back', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    ;(await client.delete('/v1/users/ada').headers(ada.headers)).assertStatus(204)
    const other = { username: 'ADA', email: 'other@example.org', password: `${PASSWORD} 2` }
    ;(await client.post('/v1/users').json(other)).assertStatus(201)

    const response = await client.post('/v1/session').json({ login: ada.email, password: PASSWORD })
    response.assertStatus(409)
    assert.containsSubset(response.body(), { code: 'E_TAKEN', errors: [{ field: 'username', rule: 'unique' }] })
    assert.equal(
      await User.query()
        .where('usernameKey', 'ada')
        .count('* as total')
        .then(([{ $extras }]) => Number($extras.total)),
      1
    )
    assert.equal((await logIn(client, 'ada', `${PASSWORD} 2`)).token.slice(0, 9), 'calotype_')
  })

  test('lets nobody back after 30 days', async ({ client }) => {
    const ada = await newcomer(client, 'ada')
    ;(await client.delete('/v1/users/ada').headers(ada.headers)).assertStatus(204)
    await age('users', { days: 30, minutes: 1 })
    ;(await client.post('/v1/session').json({ login: 'ada', password: PASSWORD })).assertStatus(401)
  })

  test('purges what has lain there for 30 days, with its files', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const bert = await newcomer(client, 'bert')
    const [old, young] = [await publish(client, ada), await publish(client, ada)]
    await publish(client, bert)
    await comment(bert, old, 2)
    ;(await client.delete(`/v1/posts/${old.id}`).headers(ada.headers)).assertStatus(204)
    for (const table of ['posts', 'media', 'comments']) await age(table, { days: 31 })
    ;(await client.delete(`/v1/posts/${young.id}`).headers(ada.headers)).assertStatus(204)

    const purged: object[] = []
    for await (const { counts } of purge({ model: Post })) purged.push(counts)
    assert.deepEqual(purged, [{ posts: 1, media: 1, comments: 2 }])
    await changesDelivered()
    assert.lengthOf(await allFiles(), 16)
    ;(await client.put(`/v1/posts/${old.id}/restoration`).headers(ada.headers)).assertStatus(404)

    ;(await client.delete('/v1/users/ada').headers(ada.headers)).assertStatus(204)
    for (const table of ['users', 'posts', 'media']) await age(table, { days: 31 })
    const users: object[] = []
    for await (const { counts } of purge({ model: User })) users.push(counts)
    assert.deepEqual(users, [{ users: 1, posts: 1, media: 1 }])
    await changesDelivered()
    assert.lengthOf(await allFiles(), 8)
  })

  test('deletes and restores an account with 10,000 comments in as many statements as one with 10', async ({
    client,
    assert,
  }) => {
    const statements: number[][] = []
    const host = await publish(client, await newcomer(client))
    for (const count of [10, 10_000]) {
      const { id, username } = await newcomer(client)
      await comment({ id }, host, count)
      const [first] = await db.from('comments').where('user_id', id).limit(1)
      await db.from('comments').where('id', first.id).update({ deleted_at: '2026-01-01T00:00:00.000Z' })
      const living = async () => {
        const [{ total }] = await db.from('comments').where('user_id', id).whereNull('deleted_at').count('* as total')
        return Number(total)
      }
      const deleting = await countStatements(async () => (await User.findOrFail(id)).delete())
      assert.equal(await living(), 0)
      const restoring = await countStatements(async () => (await User.recoverable(username).firstOrFail()).restore())
      assert.equal(await living(), count - 1)
      statements.push([deleting, restoring])
    }
    assert.deepEqual(statements[1], statements[0])
  })
})
