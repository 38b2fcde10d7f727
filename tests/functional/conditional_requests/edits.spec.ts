import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import Media from '#models/media'
import Post from '#models/post'
import Profile from '#models/profile'
import { changesDelivered, cleanUp, newcomer, publish, upload } from '#tests/helpers'
import storage from '#providers/storage/service'

type Client = Parameters<typeof newcomer>[0]

const allFiles = async () => (await storage.list('', { limit: 1000 })).files.map(({ key }) => key)

/** The resources that can be edited, each with a field that takes any text. */
const resources = {
  'a post': async (client: Client, ada: any) => ({
    path: `/v1/posts/${(await publish(client, ada)).id}`,
    field: 'caption',
  }),
  'a profile': async (_: Client, ada: any) => ({ path: `/v1/users/${ada.username}/profile`, field: 'name' }),
  // Of a public post: signed addresses are others every ten minutes, and so is the ETag.
  'a medium': async (client: Client, ada: any) => ({
    path: `/v1/media/${(await publish(client, ada)).media[0].id}`,
    field: 'altText',
  }),
  'an account': async (_: Client, ada: any) => ({ path: `/v1/users/${ada.username}`, field: 'email' }),
}
const value = (n: number) => `value${n}@example.org`

test.group('Conditional edits', (group) => {
  group.each.setup(cleanUp)

  for (const [name, prepare] of Object.entries(resources)) {
    test(`edits ${name} at the version that was seen, and no other`, async ({ client, assert }) => {
      const ada = await newcomer(client)
      const { path, field } = await prepare(client, ada)
      const edit = (n: number, ifMatch: string) =>
        client
          .patch(path)
          .headers({ ...ada.headers, 'if-match': ifMatch })
          .json({ [field]: value(n) })
      const seen = (await client.get(path).headers(ada.headers)).header('etag')!

      const first = await edit(1, `"other", ${seen}`)
      first.assertStatus(200)
      const second = await edit(2, seen)
      second.assertStatus(412)
      assert.equal(second.body().code, 'E_PRECONDITION_FAILED')
      const get = async () => client.get(path).headers(ada.headers)
      assert.equal((await get()).body().data[field], value(1))
      assert.equal((await get()).header('etag'), first.header('etag'))

      // A strong comparison, and a header that names nothing.
      for (const refused of [`W/${first.header('etag')}`, 'nothing', '""', '"other"'])
        (await edit(3, refused)).assertStatus(412)
      assert.equal((await get()).body().data[field], value(1))
      ;(await edit(4, first.header('etag')!)).assertStatus(200)
      ;(await edit(5, '*')).assertStatus(200)
      ;(
        await client
          .patch(path)
          .headers(ada.headers)
          .json({ [field]: value(6) })
      ).assertStatus(200)
      assert.equal((await get()).body().data[field], value(6))
    })

    test(`lets one of 16 win that edit ${name} at once`, async ({ client, assert }) => {
      const ada = await newcomer(client)
      const { path, field } = await prepare(client, ada)
      for (let round = 0; round < 5; round++) {
        const seen = (await client.get(path).headers(ada.headers)).header('etag')!
        const edits = await Promise.all(
          Array.from({ length: 16 }, (_, n) =>
            client
              .patch(path)
              .headers({ ...ada.headers, 'if-match': seen })
              .json({ [field]: value(round * 16 + n) })
          )
        )
        const statuses = edits.map((each) => each.status()).sort()
        assert.deepEqual(statuses, [200, ...Array(15).fill(412)])
        const winner = edits.find((each) => each.status() === 200)!
        const now = await client.get(path).headers(ada.headers)
        assert.equal(now.body().data[field], winner.body().data[field])
        assert.equal(now.header('etag'), winner.header('etag'))
      }
    })
  }

  for (const [name, prepare] of Object.entries({
    'a post': resources['a post'],
    'an account': resources['an account'],
    'a medium': async (client: Client, ada: any) => ({
      path: `/v1/media/${(await upload(client, ada)).id}`,
      field: 'altText',
    }),
  })) {
    test(`deletes ${name} at the version that was seen, and no other`, async ({ client, assert }) => {
      const ada = await newcomer(client)
      const { path, field } = await prepare(client, ada)
      const get = () => client.get(path).headers(ada.headers)
      const remove = (ifMatch: string) => client.delete(path).headers({ ...ada.headers, 'if-match': ifMatch })
      const stale = (await get()).header('etag')!
      ;(
        await client
          .patch(path)
          .headers(ada.headers)
          .json({ [field]: value(1) })
      ).assertStatus(200)

      const refused = await remove(stale)
      refused.assertStatus(412)
      assert.equal(refused.body().code, 'E_PRECONDITION_FAILED')
      const seen = await get()
      assert.equal(seen.body().data[field], value(1))
      ;(await remove(seen.header('etag')!)).assertStatus(204)
      assert.oneOf((await get()).status(), [401, 404])
    })
  }

  test('leaves a medium at its version where it is not deleted after all', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const { path } = await resources['a medium'](client, ada)
    const tag = async () => (await client.get(path).headers(ada.headers)).header('etag')!
    const seen = await tag()
    const refused = await client.delete(path).headers({ ...ada.headers, 'if-match': seen })
    assert.deepEqual([refused.status(), refused.body().code], [409, 'E_MEDIUM_IN_USE'])
    assert.equal(await tag(), seen)
  })

  test('refuses an alt text for a post whose medium was described since', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada)
    const path = `/v1/posts/${post.id}`
    const medium = `/v1/media/${post.media[0].id}`
    const tag = async () => (await client.get(path).headers(ada.headers)).header('etag')!
    const describe = (details: object) => client.patch(medium).headers(ada.headers).json(details)
    const edit = (ifMatch: string) =>
      client
        .patch(path)
        .headers({ ...ada.headers, 'if-match': ifMatch })
        .json({ altTexts: [{ id: post.media[0].id, altText: 'A' }] })

    for (const details of [{ altText: 'B' }, { focalPoint: { x: 0, y: 0 } }]) {
      const seen = await tag()
      ;(await describe(details)).assertStatus(200)
      ;(await edit(seen)).assertStatus(412)
    }
    assert.equal((await client.get(medium).headers(ada.headers)).body().data.altText, 'B')
    ;(await edit(await tag())).assertStatus(200)
  })

  test('loses no alt text where a post and its medium are edited at once', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada)
    const [path, medium] = [`/v1/posts/${post.id}`, `/v1/media/${post.media[0].id}`]
    for (let round = 0; round < 10; round++) {
      const seen = (await client.get(path).headers(ada.headers)).header('etag')!
      const [edited, described] = await Promise.all([
        client
          .patch(path)
          .headers({ ...ada.headers, 'if-match': seen })
          .json({ altTexts: [{ id: post.media[0].id, altText: `A${round}` }] }),
        client
          .patch(medium)
          .headers(ada.headers)
          .json({ altText: `B${round}` }),
      ])
      assert.oneOf(edited.status(), [200, 412])
      described.assertStatus(200)
      // Of the two only the second does not say what it has seen.
      assert.equal((await client.get(medium).headers(ada.headers)).body().data.altText, `B${round}`)
    }
  })

  test('describes no medium that a post has taken in since it was read', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const { id } = await upload(client, ada)
    const medium = await Media.findOrFail(id)
    const published = await client
      .post('/v1/posts')
      .headers(ada.headers)
      .json({ mediaIds: [id] })
    published.assertStatus(201)
    await assert.rejects(() => medium.describe({ altText: 'B' }), /changed this at the same moment/)
    assert.isNull((await Media.findOrFail(id)).altText)
  })

  test('a like is no reason to refuse an edit, a pin and an alt text are', async ({ client }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada)
    const path = `/v1/posts/${post.id}`
    const tag = async () => (await client.get(path).headers(ada.headers)).header('etag')!
    const edit = (ifMatch: string, body: object = { caption: 'x' }) =>
      client
        .patch(path)
        .headers({ ...ada.headers, 'if-match': ifMatch })
        .json(body)

    const unliked = await tag()
    await client.put(`${path}/like`).headers((await newcomer(client)).headers)
    ;(await edit(unliked)).assertStatus(200)

    const unpinned = await tag()
    await client.put(`${path}/pin`).headers(ada.headers)
    ;(await edit(unpinned)).assertStatus(412)

    const undescribed = await tag()
    const altTexts = [{ id: post.media[0].id, altText: 'A hill' }]
    ;(await client.patch(path).headers(ada.headers).json({ altTexts })).assertStatus(200)
    ;(await edit(undescribed)).assertStatus(412)
  })

  test('refuses what others may not do before it compares', async ({ client }) => {
    const [ada, bert] = [await newcomer(client), await newcomer(client)]
    const { path } = await resources['a post'](client, ada)
    const edit = (headers: object) =>
      client
        .patch(path)
        .headers({ ...headers, 'if-match': '"other"' })
        .json({ caption: 'x' })
    ;(await edit({})).assertStatus(401)
    ;(await edit(bert.headers)).assertStatus(403)
  })

  test('leaves no copies where a post is not made private after all', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const { path } = await resources['a post'](client, ada)
    const stale = (await client.get(path)).header('etag')!
    await client.patch(path).headers(ada.headers).json({ caption: 'changed' })
    await changesDelivered()
    const before = await allFiles()
    const refused = await client
      .patch(path)
      .headers({ ...ada.headers, 'if-match': stale })
      .json({ visibility: 'followers' })
    refused.assertStatus(412)
    assert.equal((await client.get(path)).body().data.visibility, 'public')
    assert.sameMembers(await allFiles(), before)
  })

  test('gives each save a version, also where the clock goes back', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const { id } = await publish(client, ada)
    const ahead = new Date(Date.now() + 3_600_000).toISOString()
    await db.from('posts').where('id', id).update({ updated_at: ahead })
    const post = await Post.findOrFail(id)
    const versions = new Set([post.version])
    for (const caption of ['a', 'b', 'c']) {
      await post.merge({ caption }).save()
      versions.add(post.version)
    }
    assert.equal(versions.size, 4)
    assert.equal((await Post.findOrFail(id)).version, post.version)
  })

  test('saves nothing at a version that is gone since it was read', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const read = async () => Profile.query().where('userId', ada.id).firstOrFail()
    const [one, other] = [await read(), await read()]
    await one.edit({ name: 'One' }, [one.version])
    await assert.rejects(() => other.edit({ name: 'Other' }, [other.version]), /has changed since/)
    assert.equal((await read()).name, 'One')
    assert.equal((await read()).version, one.version)
  })
})
