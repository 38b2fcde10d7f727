import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { DateTime } from 'luxon'
import Follow from '#models/follow'
import Hashtag from '#models/hashtag'
import Post from '#models/post'
import PostHashtag from '#models/post_hashtag'
import User from '#models/user'
import { uuidv7 } from '#providers/portable/index'
import { write } from '#tests/functional/comments/thread'
import { cleanUp, newcomer, publish, upload } from '#tests/helpers'
import { countStatements } from '#tests/statements'

const idsOf = (response: any) => response.body().data.map(({ id }: any) => id)
const path = (name: string) => `/v1/hashtags/${encodeURIComponent(name)}`

async function keysOf({ id }: { id: string }) {
  const rows = await db.from('post_hashtags').join('hashtags', 'hashtags.id', 'hashtag_id').where('post_id', id)
  return rows.map(({ name_key: key }) => key).sort()
}

test.group('Hashtags', (group) => {
  group.each.setup(cleanUp)

  test('are found under their name in any case and script, as they were written first', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const first = await publish(client, ada, { caption: 'A #Café by the #🌊sea, #日本語 #사진' })
    const second = await publish(client, ada, { caption: '#CAFÉ again, and again a #cafe\u0301' })
    for (const name of ['café', 'CAFÉ', 'Cafe\u0301']) {
      const response = await client.get(path(name))
      response.assertStatus(200)
      assert.deepEqual(response.body().data, { name: 'Café', counts: { posts: 2 } })
      assert.deepEqual(idsOf(await client.get(`${path(name)}/posts`)), [second.id, first.id])
    }
    for (const name of ['🌊SEA', '日本語', '사진'])
      assert.deepEqual(idsOf(await client.get(`${path(name)}/posts`)), [first.id])
    for (const name of ['caf', 'nobody', 'x'.repeat(300), '#café']) {
      ;(await client.get(path(name))).assertStatus(404)
      ;(await client.get(`${path(name)}/posts`)).assertStatus(404)
    }
    assert.lengthOf(await Hashtag.all(), 4)
  })

  test('are of what the author of a post comments too, while the comment stands', async ({ client, assert }) => {
    const [ada, bert] = [await newcomer(client), await newcomer(client)]
    const post = await publish(client, ada, { caption: '#one' })
    const comment = await write(client, ada, post, 'and #사진 #one')
    const reply = await write(client, ada, await write(client, bert, post, '#bert says so'), '#three #🌊')
    assert.deepEqual(await keysOf(post), ['one', 'three', '사진', '🌊'])
    assert.deepEqual(idsOf(await client.get(`${path('사진')}/posts`)), [post.id])
    ;(await client.get(path('bert'))).assertStatus(404)

    const at = (each: { id: string }, action = '') => `/v1/comments/${each.id}${action}`
    await client.patch(at(comment)).headers(ada.headers).json({ text: 'and #two' })
    assert.deepEqual(await keysOf(post), ['one', 'three', 'two', '🌊'])
    await client.patch(`/v1/posts/${post.id}`).headers(ada.headers).json({ caption: '' })
    assert.deepEqual(await keysOf(post), ['three', 'two', '🌊'])
    await client.delete(at(reply)).headers(ada.headers)
    assert.deepEqual(await keysOf(post), ['two'])
    await client.put(at(reply, '/restoration')).headers(ada.headers)
    assert.deepEqual(await keysOf(post), ['three', 'two', '🌊'])
    await client.patch(at(comment)).headers(ada.headers).json({ text: 'nothing' })
    assert.deepEqual(await keysOf(post), ['three', '🌊'])
  })

  test('stay what they were where an edit comes after the deletion of its post', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada, { caption: '#one' })
    await write(client, ada, post, 'and #two')
    const stale = await Post.findOrFail(post.id)
    ;(await client.delete(`/v1/posts/${post.id}`).headers(ada.headers)).assertStatus(204)
    await assert.rejects(() => stale.edit({ caption: '#three' }), 'Row not found')
    ;(await client.put(`/v1/posts/${post.id}/restoration`).headers(ada.headers)).assertStatus(204)
    assert.equal((await client.get(`/v1/posts/${post.id}`)).body().data.caption, '#one')
    assert.deepEqual(await keysOf(post), ['one', 'two'])
  })

  test('are found among many comments of the author without any, which nobody reads', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada, { caption: '#one' })
    await write(client, ada, post, '#two and ＃three')
    const now = new Date().toISOString()
    const rows = Array.from({ length: 300 }, () => {
      return { id: uuidv7(), post_id: post.id, user_id: ada.id, text: 'So bright', created_at: now, updated_at: now }
    })
    await db.table('comments').multiInsert(rows)
    let most = 0
    const look = (response: any) => void (most = Math.max(most, (response.rows ?? response).length))
    const driver = db.connection().getWriteClient().client
    driver.on('query-response', look)
    await write(client, ada, post, '#four')
    driver.off('query-response', look)
    assert.deepEqual(await keysOf(post), ['four', 'one', 'three', 'two'])
    assert.isAbove(most, 0)
    assert.isBelow(most, 100)
  })

  test('follow the caption when it is edited, and stay as they are when it is not', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada, { caption: '#one #two' })
    const edit = async (body: object) =>
      (await client.patch(`/v1/posts/${post.id}`).headers(ada.headers).json(body)).assertStatus(200)
    const rows = async () => (await PostHashtag.all()).map(({ id }) => id).sort()
    assert.deepEqual(await keysOf(post), ['one', 'two'])

    const before = await rows()
    await edit({ visibility: 'followers' })
    await edit({ caption: 'now #TWO, #one' })
    assert.deepEqual(await rows(), before)
    await edit({ caption: '#two #three' })
    assert.deepEqual(await keysOf(post), ['three', 'two'])
    assert.lengthOf(
      (await rows()).filter((id) => before.includes(id)),
      1
    )
    await edit({ caption: '' })
    assert.deepEqual(await keysOf(post), [])
  })

  test('are not written where the post is not', async ({ client, assert }) => {
    const [ada, bert] = [await newcomer(client), await newcomer(client)]
    const foreign = await upload(client, bert)
    const refused = await client
      .post('/v1/posts')
      .headers(ada.headers)
      .json({ mediaIds: [foreign.id], caption: `#sea @${bert.username}` })
    refused.assertStatus(422)
    for (const table of ['posts', 'hashtags', 'post_hashtags', 'mentions']) assert.lengthOf(await db.from(table), 0)

    const post = await publish(client, ada, { caption: '#sea' })
    const stale = await client
      .patch(`/v1/posts/${post.id}`)
      .headers({ ...ada.headers, 'if-match': '"other"' })
      .json({ caption: '#sky' })
    stale.assertStatus(412)
    assert.deepEqual(await keysOf(post), ['sea'])
  })

  test('are there for those who see a post with them', async ({ client, assert }) => {
    const [ada, bert, cleo] = [await newcomer(client), await newcomer(client), await newcomer(client)]
    await Follow.create({ followerId: bert.id, followedId: ada.id })
    const closed = await publish(client, ada, { caption: '#sea', visibility: 'followers' })
    const seen = async (headers = {}) => {
      const [tag, posts] = [
        await client.get('/v1/hashtags/sea').headers(headers),
        await client.get('/v1/hashtags/sea/posts').headers(headers),
      ]
      assert.equal(tag.status(), posts.status())
      if (tag.status() !== 200) return tag.status()
      assert.equal(tag.body().data.counts.posts, posts.body().data.length)
      return idsOf(posts)
    }
    assert.deepEqual(await Promise.all([seen(), seen(cleo.headers)]), [404, 404])
    assert.deepEqual([await seen(ada.headers), await seen(bert.headers)], [[closed.id], [closed.id]])

    const open = await publish(client, ada, { caption: '#Sea' })
    const both = [open.id, closed.id]
    assert.deepEqual([await seen(), await seen(cleo.headers)], [[open.id], [open.id]])
    assert.deepEqual([await seen(ada.headers), await seen(bert.headers)], [both, both])

    await client.delete(`/v1/posts/${open.id}`).headers(ada.headers)
    assert.equal(await seen(), 404)
    await client.put(`/v1/posts/${open.id}/restoration`).headers(ada.headers)
    assert.deepEqual(await seen(), [open.id])
    await User.query().where('id', ada.id).update({ suspendedAt: DateTime.utc().toISO() })
    assert.deepEqual([await seen(), await seen(bert.headers)], [404, 404])
  })

  test('page through their posts, pinned ones at their place, in a fixed number of statements', async ({
    client,
    assert,
  }) => {
    const [ada, bert] = [await newcomer(client), await newcomer(client)]
    const ids: string[] = []
    for (const person of [ada, bert, ada, bert, ada])
      ids.unshift((await publish(client, person, { caption: '#sea' })).id)
    await publish(client, ada, { caption: '#sky' })
    await client.put(`/v1/posts/${ids[2]}/pin`).headers(ada.headers)

    const seen: string[][] = []
    let last = ''
    for (let next = '/v1/hashtags/SEA/posts?limit=2'; next;) {
      const page = await client.get(next)
      page.assertStatus(200)
      seen.push(idsOf(page))
      last = idsOf(page).at(-1)
      const link = /<([^>]+)>; rel="next"/.exec(page.header('link') ?? '')?.[1]
      next = link ? link.replace('http://calotype.test', '') : ''
    }
    assert.deepEqual(seen, [ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)])
    const beyond = await client.get(`/v1/hashtags/sea/posts?cursor=${last}`)
    beyond.assertStatus(200)
    assert.deepEqual(beyond.body(), { data: [], meta: { nextCursor: null } })
    ;(await client.get('/v1/hashtags/sea/posts?limit=101')).assertStatus(422)
    assert.equal(await countStatements(() => client.get('/v1/hashtags/sea/posts?limit=1')), 1)
    assert.equal(await countStatements(() => client.get('/v1/hashtags/sea/posts?limit=5')), 1)
    assert.equal(await countStatements(() => client.get('/v1/hashtags/sea')), 1)
  })

  test('are made once by 50 posts that use them first, at the same time and in any order', async ({
    client,
    assert,
  }) => {
    const people = await Promise.all([1, 2, 3, 4, 5].map(async () => User.findOrFail((await newcomer(client)).id)))
    const names = Array.from({ length: 10 }, (_, index) => `tag${index}`)
    const posts = await Promise.all(
      Array.from({ length: 50 }, (_, n) => {
        const turned = names.map((_, index) => `#${names[(index * (n % 2 ? 3 : 7) + n) % 10]}`)
        return Post.publish(people[n % 5], { mediaIds: [], caption: turned.join(' '), visibility: 'public' })
      })
    )
    assert.lengthOf(posts, 50)
    assert.deepEqual((await Hashtag.all()).map(({ nameKey }) => nameKey).sort(), names)
    assert.lengthOf(await PostHashtag.all(), 500)
  })

  test('are those of the caption that stays, when ten edit it at once', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada, { caption: '#tag' })
    const edits = Array.from({ length: 10 }, (_, n) =>
      client
        .patch(`/v1/posts/${post.id}`)
        .headers(ada.headers)
        .json({ caption: `#tag #tag${n} #other${n}` })
    )
    for (const response of await Promise.all(edits)) response.assertStatus(200)
    const { caption } = (await client.get(`/v1/posts/${post.id}`)).body().data
    assert.deepEqual(await keysOf(post), caption.replaceAll('#', '').split(' ').sort())
  })
})
