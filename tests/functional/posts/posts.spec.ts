import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { Archived, ChangedMeanwhile } from '#exceptions/domain'
import Mention from '#models/mention'
import Post from '#models/post'
import User from '#models/user'
import { deadlockOnce } from '#tests/deadlock'
import { allFiles, changesDelivered, cleanUp, emptyDisk, fetchFile, newcomer, publish, upload } from '#tests/helpers'
import { countStatements } from '#tests/statements'

test.group('Posts', (group) => {
  group.each.setup(cleanUp)

  test('publishes an album of own media in the given order', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const media = [await upload(client, ada), await upload(client, ada), await upload(client, ada)]
    const mediaIds = [media[2].id, media[0].id.toUpperCase(), media[1].id]

    const response = await client.post('/v1/posts').headers(ada.headers).json({ mediaIds, caption: 'Three of them' })

    response.assertStatus(201)
    const { data } = response.body()
    assert.deepEqual(
      data.media.map(({ id }: { id: string }) => id),
      [media[2].id, media[0].id, media[1].id]
    )
    assert.containsSubset(data, {
      caption: 'Three of them',
      visibility: 'public',
      author: { username: ada.username },
      counts: { media: 3 },
      viewer: { isAuthor: true, likes: false, bookmarks: false },
      archivedAt: null,
      pinnedAt: null,
    })
    assert.equal(response.header('location'), `/v1/posts/${data.id}`)
    assert.deepEqual((await client.get(`/v1/posts/${data.id}`).headers(ada.headers)).body().data, data)
  })

  test('shows a public post to everyone, a post for followers to its author', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const bert = await newcomer(client)
    const open = await publish(client, ada)
    const closed = await publish(client, ada, { visibility: 'followers' })
    const statuses = async (id: string) => [
      (await client.get(`/v1/posts/${id}`)).status(),
      (await client.get(`/v1/posts/${id}`).headers(bert.headers)).status(),
      (await client.get(`/v1/posts/${id}`).headers(ada.headers)).status(),
    ]
    assert.deepEqual(await statuses(open.id), [200, 200, 200])
    assert.deepEqual(await statuses(closed.id), [404, 404, 200])
    assert.deepEqual(await statuses(open.id.toUpperCase()), [200, 200, 200])
    assert.isFalse((await client.get(`/v1/posts/${open.id}`).headers(bert.headers)).body().data.viewer.isAuthor)
  })

  test('takes 20 media and no more, each once', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const { id } = await upload(client, ada)
    const others = Array.from({ length: 20 }, (_, n) => id.slice(0, -2) + String(n + 10))
    const refused = async (mediaIds: unknown) => {
      const response = await client.post('/v1/posts').headers(ada.headers).json({ mediaIds })
      response.assertStatus(422)
      return response.body().errors[0]
    }
    assert.containsSubset(await refused([id, ...others]), { field: 'mediaIds', rule: 'array.maxLength' })
    assert.containsSubset(await refused([]), { field: 'mediaIds', rule: 'array.minLength' })
    assert.containsSubset(await refused([id, id.toUpperCase()]), { field: 'mediaIds', rule: 'distinct' })
    const message = 'The mediaIds.0 field must be a valid UUID'
    assert.deepEqual(await refused(['1']), { field: 'mediaIds.0', rule: 'uuid', message })
    assert.containsSubset(await refused(id), { field: 'mediaIds', rule: 'array' })
    assert.lengthOf(await db.from('posts'), 0)
  })

  test('takes nobody else’s media, and none that another post shows', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const bert = await newcomer(client)
    const own = await upload(client, bert)
    const foreign = await upload(client, ada)
    const shown = (await publish(client, bert)).media[0]
    for (const strange of [foreign.id, shown.id, '01a20cb2-6ae7-74b3-a613-8459a05edde3']) {
      const response = await client
        .post('/v1/posts')
        .headers(bert.headers)
        .json({ mediaIds: [own.id, strange] })
      response.assertStatus(422)
      assert.equal(response.body().errors[0].field, 'mediaIds.1')
    }
    assert.lengthOf(await db.from('posts'), 1)
    assert.isNull((await db.from('media').where('id', own.id).firstOrFail()).post_id)
  })

  test('gives a medium to one of four posts that take it at once', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const { id } = await upload(client, ada)
    const posts = await Promise.all(
      [1, 2, 3, 4].map(() =>
        client
          .post('/v1/posts')
          .headers(ada.headers)
          .json({ mediaIds: [id] })
      )
    )
    assert.deepEqual(posts.map((post) => post.status()).sort(), [201, 422, 422, 422])
    assert.lengthOf(await db.from('posts'), 1)
  })

  test('publishes once, and pins, where a deadlock ended the first try', async ({ client, assert }) => {
    const ada = await newcomer(client)
    deadlockOnce(Mention, 'replace')
    const post = await publish(client, ada, { pictures: 2, caption: '#sea' })
    assert.lengthOf(post.media, 2)
    assert.lengthOf(await db.from('posts'), 1)
    assert.lengthOf(await db.from('post_hashtags'), 1)
    assert.equal((await User.findOrFail(ada.id)).postsCount, 1)
    deadlockOnce(Post.prototype as any, 'hasRoomToPin')
    ;(await client.put(`/v1/posts/${post.id}/pin`).headers(ada.headers)).assertStatus(204)
    assert.isTrue((await Post.findOrFail(post.id)).isPinned)
  })

  test('counts a caption in characters that people see', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const family = '👨‍👩‍👧‍👦'
    const post = await publish(client, ada, { caption: family.repeat(2200) })
    assert.equal(post.caption, family.repeat(2200))

    for (const caption of [
      'x'.repeat(2201),
      family.repeat(2201),
      `a${'\u0301'.repeat(60_000)}`,
      'a\u0000b',
      '\ud83d',
      5,
      null,
    ]) {
      const response = await client.patch(`/v1/posts/${post.id}`).headers(ada.headers).json({ caption })
      response.assertStatus(422)
      assert.equal(response.body().errors[0].field, 'caption')
    }
  })

  test('refuses unknown fields by name, nested ones too', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada)
    const altTexts = [{ id: post.media[0].id, altText: 'x', alt: 'y' }]
    const response = await client.patch(`/v1/posts/${post.id}`).headers(ada.headers).json({ altTexts, likes: 3 })
    response.assertStatus(422)
    assert.deepEqual(
      response.body().errors.map(({ field, rule }: any) => [field, rule]),
      [
        ['altTexts.0.alt', 'unknown'],
        ['likes', 'unknown'],
      ]
    )
  })

  test('edits caption and alt texts together or not at all', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada, { pictures: 2, caption: 'before' })
    const edit = (body: object) => client.patch(`/v1/posts/${post.id}`).headers(ada.headers).json(body)

    const edited = await edit({ caption: 'after', altTexts: [{ id: post.media[1].id, altText: 'A hill' }] })
    edited.assertStatus(200)
    assert.equal(edited.body().data.caption, 'after')
    assert.deepEqual(
      edited.body().data.media.map(({ altText }: any) => altText),
      [null, 'A hill']
    )

    const refused = await edit({
      caption: 'again',
      altTexts: [
        { id: post.media[0].id, altText: 'x' },
        { id: post.id, altText: 'y' },
      ],
    })
    refused.assertStatus(422)
    assert.equal(refused.body().errors[0].field, 'altTexts.1.id')
    const { data } = (await client.get(`/v1/posts/${post.id}`)).body()
    assert.equal(data.caption, 'after')
    assert.isNull(data.media[0].altText)
  })

  test('edits all of it again where a deadlock took it back', async ({ client, assert }) => {
    const [ada, bert] = [await newcomer(client), await newcomer(client)]
    await emptyDisk()
    const post = await publish(client, ada, { caption: 'before' })
    const caption = `#after with @${bert.username}`
    const altTexts = [{ id: post.media[0].id, altText: 'A hill' }]
    const edit = () =>
      client.patch(`/v1/posts/${post.id}`).headers(ada.headers).json({ caption, altTexts, visibility: 'followers' })

    deadlockOnce(Mention, 'replace')
    ;(await edit()).assertStatus(200)

    const { data } = (await client.get(`/v1/posts/${post.id}`).headers(ada.headers)).body()
    assert.containsSubset(data, { caption, visibility: 'followers', media: [{ altText: 'A hill' }] })
    assert.notEqual(data.updatedAt, post.updatedAt)
    for (const table of ['mentions', 'post_hashtags']) assert.lengthOf(await db.from(table), 1, table)
    await changesDelivered()
    assert.lengthOf(await allFiles(), 8)
    ;(await fetchFile(client, post.media[0].variants[0].url)).assertStatus(404)
    ;(await fetchFile(client, data.media[0].variants[0].url)).assertStatus(200)
  })

  test('hides no post that was made public meanwhile: its files would stay where everyone knows them', async ({
    client,
    assert,
  }) => {
    const ada = await newcomer(client)
    const { id } = await publish(client, ada, { visibility: 'followers' })
    const stale = await Post.findOrFail(id)
    const edit = (visibility: string) => client.patch(`/v1/posts/${id}`).headers(ada.headers).json({ visibility })
    ;(await edit('public')).assertStatus(200)
    await assert.rejects(() => stale.edit({ visibility: 'followers' }), ChangedMeanwhile.message)
    assert.equal((await client.get(`/v1/posts/${id}`)).body().data.visibility, 'public')
    ;(await edit('followers')).assertStatus(200)
    ;(await client.get(`/v1/posts/${id}`)).assertStatus(404)
  })

  test('lets nobody change another’s post: 403 where they see it, 404 where they do not', async ({
    client,
    assert,
  }) => {
    const ada = await newcomer(client)
    const bert = await newcomer(client)
    const open = await publish(client, ada)
    const closed = await publish(client, ada, { visibility: 'followers' })
    for (const [post, status] of [
      [open, 403],
      [closed, 404],
    ]) {
      const by = (request: any) => request.headers(bert.headers)
      assert.equal((await by(client.patch(`/v1/posts/${post.id}`)).json({ caption: 'mine' })).status(), status)
      for (const path of ['', '/archive', '/pin'])
        assert.equal((await by(client.delete(`/v1/posts/${post.id}${path}`))).status(), status)
      for (const path of ['/archive', '/pin'])
        assert.equal((await by(client.put(`/v1/posts/${post.id}${path}`))).status(), status)
    }
    ;(await client.delete(`/v1/posts/${open.id}`)).assertStatus(401)
    assert.lengthOf(await db.from('posts'), 2)
  })

  test('archives a post away from all but its author, and brings it back', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada)
    const grid = async (query = '', headers = {}) =>
      (await client.get(`/v1/users/${ada.username}/posts${query}`).headers(headers))
        .body()
        .data.map(({ id }: any) => id)

    ;(await client.put(`/v1/posts/${post.id}/archive`).headers(ada.headers)).assertStatus(204)
    ;(await client.get(`/v1/posts/${post.id}`)).assertStatus(404)
    ;(await client.get(`/v1/posts/${post.id}`).headers(ada.headers)).assertStatus(200)
    assert.deepEqual(await grid(), [])
    assert.deepEqual(await grid('', ada.headers), [])
    assert.deepEqual(await grid('?archived=true', ada.headers), [post.id])
    ;(await client.get(`/v1/users/${ada.username}/posts?archived=true`)).assertStatus(401)

    ;(await client.delete(`/v1/posts/${post.id}/archive`).headers(ada.headers)).assertStatus(204)
    ;(await client.get(`/v1/posts/${post.id}`)).assertStatus(200)
    assert.deepEqual(await grid(), [post.id])
  })

  test('pins three posts at most, also when four are pinned at once', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const posts = []
    for (let n = 0; n < 5; n++) posts.push(await publish(client, ada))
    const pin = (post: any) => client.put(`/v1/posts/${post.id}/pin`).headers(ada.headers)

    const pins = await Promise.all(posts.slice(0, 4).map(pin))
    assert.deepEqual(pins.map((each) => each.status()).sort(), [204, 204, 204, 409])
    assert.lengthOf(await db.from('posts').whereNotNull('pinned_at'), 3)

    const pinned = posts.find((_, index) => pins[index].status() === 204)
    ;(await pin(pinned)).assertStatus(204)
    ;(await client.delete(`/v1/posts/${pinned.id}/pin`).headers(ada.headers)).assertStatus(204)
    ;(await pin(posts[4])).assertStatus(204)
  })

  test('pins while comments and bookmarks come in, and no deadlock reaches anybody', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const posts = [await publish(client, ada), await publish(client, ada)]
    for (let round = 0; round < 4; round++) {
      const requests = [...posts, ...posts].flatMap(({ id }) => [
        client.put(`/v1/posts/${id}/pin`),
        client.put(`/v1/posts/${id}/bookmark`),
        client.post(`/v1/posts/${id}/comments`).json({ text: 'So bright' }),
      ])
      const answers = await Promise.all(requests.map((request) => request.headers(ada.headers)))
      assert.deepEqual(
        answers.map((answer) => answer.status()),
        Array(4).fill([204, 204, 201]).flat()
      )
      await db.from('bookmarks').delete()
    }
  })

  test('pins no archived post, and unpins one that is archived', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const { id } = await publish(client, ada)
    const put = (action: string) => client.put(`/v1/posts/${id}/${action}`).headers(ada.headers)
    const pinnedAt = async () => (await client.get(`/v1/posts/${id}`).headers(ada.headers)).body().data.pinnedAt

    const [one, other] = [await Post.findOrFail(id), await Post.findOrFail(id)]
    ;(await put('pin')).assertStatus(204)
    assert.isNotNull(await pinnedAt())
    await one.archive()
    assert.isNull(await pinnedAt())

    const refused = await put('pin')
    refused.assertStatus(409)
    assert.equal(refused.body().code, 'E_ARCHIVED')
    await assert.rejects(() => other.pin(), Archived.message)
    assert.isNull(await pinnedAt())
    ;(await client.delete(`/v1/posts/${id}/archive`).headers(ada.headers)).assertStatus(204)
    ;(await put('pin')).assertStatus(204)
  })

  test('pins nothing that went to the trash meanwhile', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const { id } = await publish(client, ada)
    const stale = await Post.findOrFail(id)
    ;(await client.delete(`/v1/posts/${id}`).headers(ada.headers)).assertStatus(204)
    await assert.rejects(() => stale.pin(), 'Row not found')
    assert.isNull((await db.from('posts').where('id', id).firstOrFail()).pinned_at)
  })

  test('pages through the grid, the pinned ones first and each once', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const ids = []
    for (let n = 0; n < 7; n++) ids.unshift((await publish(client, ada)).id)
    await publish(client, await newcomer(client))
    await client.put(`/v1/posts/${ids[5]}/pin`).headers(ada.headers)

    const seen: string[][] = []
    for (let path = `/v1/users/${ada.username}/posts?limit=2`; path;) {
      const page = await client.get(path)
      page.assertStatus(200)
      seen.push(page.body().data.map(({ id }: any) => id))
      const next = /<([^>]+)>; rel="next"/.exec(page.header('link') ?? '')?.[1]
      path = next ? next.replace('http://calotype.test', '') : ''
    }
    assert.deepEqual(seen, [
      [ids[5], ids[0], ids[1]],
      [ids[2], ids[3]],
      [ids[4], ids[6]],
    ])
  })

  test('reads a post and a page of the grid in a fixed number of statements', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada, { pictures: 3 })
    for (let n = 0; n < 3; n++) await publish(client, ada)
    await client.get('/v1/sessions').headers(ada.headers)

    assert.equal(await countStatements(() => client.get(`/v1/posts/${post.id}`).headers(ada.headers)), 2)
    assert.isAtMost(await countStatements(() => client.get(`/v1/users/${ada.username}/posts`).headers(ada.headers)), 3)
  })

  test('answers ids and cursors of another form without asking the database', async ({ client, assert }) => {
    for (const path of ['/v1/posts/1', '/v1/posts/%00', '/v1/posts/01a20cb2-6ae7-74b3-a613-8459a05eddez']) {
      const response = await client.get(path)
      response.assertStatus(404)
      assert.equal(response.header('content-type'), 'application/problem+json; charset=utf-8')
    }
    const ada = await newcomer(client)
    for (const query of ['cursor=1', 'cursor=%00', 'limit=0', 'limit=101', 'limit=x', 'limit=1.5']) {
      ;(await client.get(`/v1/users/${ada.username}/posts?${query}`)).assertStatus(422)
    }
  })
})
