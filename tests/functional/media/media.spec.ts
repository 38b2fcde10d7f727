import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { DateTime } from 'luxon'
import sharp from 'sharp'
import mediaConfig from '#config/media'
import { ChangedMeanwhile } from '#exceptions/domain'
import Media from '#models/media'
import { MediaAudit } from '#models/media_audit'
import media from '#providers/media/service'
import storage from '#providers/storage/service'
import {
  allFiles,
  changesDelivered,
  cleanUp,
  emptyDisk,
  fetchFile,
  newcomer,
  photograph,
  publish,
  upload,
} from '#tests/helpers'

test.group('Media', (group) => {
  group.each.setup(async () => {
    await cleanUp()
    await emptyDisk()
  })

  test('makes an uploaded photograph into variants that can be fetched', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const response = await client
      .post('/v1/media')
      .headers(ada.headers)
      .fields({ altText: ' A hill ', focalPoint: '0.25,0.75' })
      .file('file', await photograph({ width: 1500, height: 1000 }), { filename: 'hill.jpg' })

    response.assertStatus(201)
    const { data } = response.body()
    assert.containsSubset(data, {
      width: 1500,
      height: 1000,
      altText: 'A hill',
      focalPoint: { x: 0.25, y: 0.75 },
      postId: null,
    })
    assert.match(data.dominantColor, /^#[0-9a-f]{6}$/)
    assert.isAbove(data.blurhash.length, 10)
    assert.equal(response.header('location'), `/v1/media/${data.id}`)

    const sizes = data.variants.map(({ name, format, width, height }: any) => `${name} ${format} ${width}x${height}`)
    const expected = ['square webp 320x320', 'square jpeg 320x320', 'small webp 640x427', 'small jpeg 640x427']
    assert.sameMembers(sizes, [
      ...expected,
      'medium webp 1080x720',
      'medium jpeg 1080x720',
      'full webp 1500x1000',
      'full jpeg 1500x1000',
    ])
    for (const { url, format, width, height } of data.variants) {
      const file = await fetchFile(client, url)
      file.assertStatus(200)
      assert.equal(file.header('content-type'), `image/${format}`)
      assert.equal(file.header('x-content-type-options'), 'nosniff')
      const metadata = await sharp(file.body()).metadata()
      assert.containsSubset(metadata, { format, width, height })
    }
  })

  test('serves the files of a public post for ever, of another post for an hour', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const open = await publish(client, ada)
    const closed = await publish(client, ada, { visibility: 'followers' })

    const openUrl = open.media[0].variants[0].url
    assert.match(
      openUrl,
      /^http:\/\/calotype\.test\/files\/media\/[0-9a-f]{2}\/[0-9a-f]{32}\/square-[0-9a-f]{16}\.webp$/
    )
    assert.equal((await fetchFile(client, openUrl)).header('cache-control'), 'public, max-age=31536000, immutable')

    const closedUrl = new URL(closed.media[0].variants[0].url)
    const signed = await fetchFile(client, closedUrl.href)
    signed.assertStatus(200)
    assert.match(signed.header('cache-control')!, /^private/)
    assert.isAtMost(Number(closedUrl.searchParams.get('expires')) - Date.now() / 1000, 3600)

    ;(await client.get(closedUrl.pathname)).assertStatus(404)
    closedUrl.searchParams.set('expires', String(Number(closedUrl.searchParams.get('expires')) + 1))
    ;(await fetchFile(client, closedUrl.href)).assertStatus(404)
  })

  for (const [how, change] of [
    [
      'becomes one for followers',
      (client: any, id: string) => client.patch(`/v1/posts/${id}`).json({ visibility: 'followers' }),
    ],
    ['is archived', (client: any, id: string) => client.put(`/v1/posts/${id}/archive`)],
    ['is deleted', (client: any, id: string) => client.delete(`/v1/posts/${id}`)],
  ] as const) {
    test(`answers 404 under the old addresses when a post ${how}`, async ({ client, assert }) => {
      const ada = await newcomer(client)
      const post = await publish(client, ada, { pictures: 2 })
      const urls = post.media.flatMap(({ variants }: any) => variants.map(({ url }: any) => url))
      for (const url of urls) (await fetchFile(client, url)).assertStatus(200)

      const changed = await change(client, post.id).headers(ada.headers)
      assert.oneOf(changed.status(), [200, 204])
      for (const url of urls) (await fetchFile(client, url)).assertStatus(404)

      const seen = await client.get(`/v1/posts/${post.id}`).headers(ada.headers)
      for (const { variants } of seen.body().data?.media ?? []) {
        for (const { url } of variants) (await fetchFile(client, url)).assertStatus(200)
      }
      await changesDelivered()
      const audit = await MediaAudit.run({ graceMs: 0 })
      assert.deepEqual([audit.missing, audit.orphans], [[], []])
      assert.equal(audit.files, 16)
    })
  }

  test('serves ranges, HEAD and 304 of a public file', async ({ client, assert }) => {
    const post = await publish(client, await newcomer(client))
    const { pathname } = new URL(post.media[0].variants[0].url)
    const whole = await client.get(pathname)
    const part = await client.get(pathname).header('range', 'bytes=10-19')
    part.assertStatus(206)
    assert.deepEqual(part.body(), whole.body().subarray(10, 20))
    const head = await client.head(pathname)
    assert.equal(head.header('content-length'), String(whole.body().length))
    ;(await client.get(pathname).header('if-none-match', whole.header('etag')!)).assertStatus(304)
  })

  test('serves nothing but what a row owns', async ({ client }) => {
    await storage.put('media/00/00000000000000000000000000000000/secret.txt', Buffer.from('x'), {
      contentType: 'text/plain',
    })
    for (const path of [
      'media/00/00000000000000000000000000000000/secret.txt',
      'media',
      '..%2f..%2f.env',
      'media/%00',
      '%E0%A4%A',
    ]) {
      const response = await client.get(`/files/${path}`)
      if (response.status() !== 400) response.assertStatus(404)
    }
  })

  test('shows a medium to its owner only, who edits and deletes it', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const bert = await newcomer(client)
    const { id } = await upload(client, ada)
    const path = `/v1/media/${id}`
    ;(await client.get(path)).assertStatus(401)
    ;(await client.get(path).headers(bert.headers)).assertStatus(404)
    ;(await client.delete(path).headers(bert.headers)).assertStatus(404)

    const edited = await client.patch(path).headers(ada.headers).json({ altText: 'A lake' })
    assert.equal(edited.body().data.altText, 'A lake')
    ;(await client.delete(path).headers(ada.headers)).assertStatus(204)
    ;(await client.get(path).headers(ada.headers)).assertStatus(404)
    ;(await fetchFile(client, edited.body().data.variants[0].url)).assertStatus(404)
  })

  test('cuts the square anew around another focal point, under a new address', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const { id, variants } = await upload(client, ada)
    const urlsOf = (list: any[], name: string) =>
      list.filter((each) => each.name === name).map(({ url }) => new URL(url).pathname)

    const edited = await client
      .patch(`/v1/media/${id}`)
      .headers(ada.headers)
      .json({ altText: 'Left', focalPoint: { x: 0, y: 0.5 } })
    edited.assertStatus(200)
    const now = edited.body().data
    assert.deepEqual([now.altText, now.focalPoint], ['Left', { x: 0, y: 0.5 }])
    assert.deepEqual(urlsOf(now.variants, 'full'), urlsOf(variants, 'full'))
    assert.notDeepEqual(urlsOf(now.variants, 'square'), urlsOf(variants, 'square'))
    for (const { url } of now.variants) (await fetchFile(client, url)).assertStatus(200)
    await changesDelivered()
    assert.lengthOf(await allFiles(), 8)
    ;(
      await client
        .patch(`/v1/media/${id}`)
        .headers(ada.headers)
        .json({ focalPoint: { x: 1.1, y: 0 } })
    ).assertStatus(422)
    ;(
      await client
        .patch(`/v1/media/${id}`)
        .headers(ada.headers)
        .json({ focalPoint: { x: '0', y: 0 } })
    ).assertStatus(422)
  })

  test('describes a medium as a whole or not at all', async ({ client, assert }) => {
    const { id } = await upload(client, await newcomer(client))
    const read = () => Media.findOrFail(id)
    const [one, other] = [await read(), await read()]
    await one.describe({ altText: 'A', focalPoint: { x: 0, y: 0 } })
    await assert.rejects(() => other.describe({ altText: 'B', focalPoint: { x: 1, y: 1 } }), ChangedMeanwhile as any)
    const { altText, focalPoint } = await read()
    assert.deepEqual([altText, focalPoint], ['A', { x: 0, y: 0 }])
  })

  test('keeps the alt text where the picture cannot be cut anew', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const { id } = await upload(client, ada, { altText: 'A' })
    await storage.delete((await Media.findOrFail(id)).keys)
    const refused = await client
      .patch(`/v1/media/${id}`)
      .headers(ada.headers)
      .json({ altText: 'B', focalPoint: { x: 1, y: 1 } })
    refused.assertStatus(404)
    assert.equal((await Media.findOrFail(id)).altText, 'A')
  })

  test('counts cutting anew as an upload in hand, and words alone not', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const { id } = await upload(client, ada)
    const edit = (details: object) => client.patch(`/v1/media/${id}`).headers(ada.headers).json(details)
    const focalPoint = { x: 0, y: 0 }
    const { promise: over, resolve: end } = Promise.withResolvers<void>()
    const uploads = Array.from({ length: mediaConfig.uploadsAtOnce! }, () => media.admit(() => over))
    try {
      const refused = await edit({ altText: 'A', focalPoint })
      assert.deepEqual([refused.status(), refused.body().code], [503, 'E_BUSY'])
      ;(await edit({ altText: 'B' })).assertStatus(200)
    } finally {
      end()
      await Promise.all(uploads)
    }
    ;(await edit({ focalPoint })).assertStatus(200)
  })

  test('keeps every row with its files while a post moves and its pictures are cut anew at once', async ({
    client,
    assert,
  }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada, { pictures: 2 })
    const requests = Array.from({ length: 24 }, (_, n) => {
      if (n % 3 === 0)
        return client
          .patch(`/v1/posts/${post.id}`)
          .headers(ada.headers)
          .json({ visibility: n % 2 ? 'public' : 'followers' })
      const focalPoint = { x: n / 24, y: 0.5 }
      return client
        .patch(`/v1/media/${post.media[n % 2].id}`)
        .headers(ada.headers)
        .json({ focalPoint })
    })
    const statuses = new Set((await Promise.all(requests)).map((each) => each.status()))
    for (const status of statuses) assert.oneOf(status, [200, 404, 409])

    const audit = await MediaAudit.run({ graceMs: 0 })
    assert.deepEqual(audit.missing, [])
    const seen = await client.get(`/v1/posts/${post.id}`).headers(ada.headers)
    for (const { variants } of seen.body().data.media) {
      for (const { url } of variants) (await fetchFile(client, url)).assertStatus(200)
    }
  })

  test('makes a post private also where a file of it is lost', async ({ client }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada)
    const { keys } = await Media.findOrFail(post.media[0].id)
    await storage.delete(keys.slice(0, 1))
    ;(await client.put(`/v1/posts/${post.id}/archive`).headers(ada.headers)).assertStatus(204)
    for (const key of keys) (await client.get(`/files/${key}`)).assertStatus(404)
  })

  test('does not delete a medium that a post or an avatar shows', async ({ client }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada)
    ;(await client.delete(`/v1/media/${post.media[0].id}`).headers(ada.headers)).assertStatus(409)
    ;(await client.get(`/v1/posts/${post.id}`)).assertStatus(200)
  })

  test('refuses a focal point and an alt text that are not valid, and leaves nothing behind', async ({
    client,
    assert,
  }) => {
    const ada = await newcomer(client)
    for (const fields of [
      { focalPoint: '2,2' },
      { focalPoint: 'left' },
      { focalPoint: '{"x":0}' },
      { altText: 'x'.repeat(1501) },
      { caption: 'no' },
    ] as Record<string, string>[]) {
      const response = await client
        .post('/v1/media')
        .headers(ada.headers)
        .fields(fields)
        .file('file', await photograph(), { filename: 'x.jpg' })
      response.assertStatus(422)
      assert.match(JSON.stringify(response.body()), new RegExp(Object.keys(fields)[0]))
    }
    assert.deepEqual(await allFiles(), [])
    assert.lengthOf(await db.from('media'), 0)
  })

  test('shows an avatar to everyone, and removes the one before', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const send = async () =>
      client
        .post(`/v1/users/${ada.username}/profile/avatar`)
        .headers(ada.headers)
        .file('file', await photograph(), { filename: 'me.jpg' })
    const first = await send()
    first.assertStatus(201)
    const second = await send()

    const { avatar } = (await client.get(`/v1/users/${ada.username}`)).body().data.profile
    assert.deepEqual(avatar, second.body().data.avatar)
    const { author } = await publish(client, ada)
    assert.deepEqual(
      author.avatar,
      avatar.filter(({ name }: { name: string }) => name === 'square')
    )
    const file = await fetchFile(client, avatar[0].url)
    file.assertStatus(200)
    assert.match(file.header('cache-control')!, /^public/)
    ;(await fetchFile(client, first.body().data.avatar[0].url)).assertStatus(404)

    ;(await client.delete(`/v1/users/${ada.username}/profile/avatar`).headers(ada.headers)).assertStatus(204)
    assert.isNull((await client.get(`/v1/users/${ada.username}`)).body().data.profile.avatar)
    ;(await fetchFile(client, avatar[0].url)).assertStatus(404)
  })

  test('collects after 24 hours what nothing shows', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada)
    const old = await upload(client, ada)
    const young = await upload(client, ada)
    await client
      .post(`/v1/users/${ada.username}/profile/avatar`)
      .headers(ada.headers)
      .file('file', await photograph(), { filename: 'me.jpg' })
    const before = DateTime.utc().minus({ hours: 24, minutes: 1 }).toISO()
    await db.from('media').whereNot('id', young.id).update({ created_at: before })

    assert.equal(await Media.collectAbandoned(), 1)
    const left = (await db.from('media').select('id')).map(({ id }) => id)
    assert.notInclude(left, old.id)
    assert.includeMembers(left, [young.id, post.media[0].id])
    assert.lengthOf(left, 3)
    await changesDelivered()
    assert.lengthOf(await allFiles(), 24)
  })

  test('finds rows without files and files without rows, and mends what can be mended', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada)
    const loose = await upload(client, ada)
    const keysOf = async (id: string) => (await Media.findOrFail(id)).keys
    const orphan = 'media/ab/abababababababababababababababab/full-0000000000000000.jpg'
    await storage.put(orphan, await photograph(), { contentType: 'image/jpeg' })
    const [lostByPost] = await keysOf(post.media[0].id)
    const [lostByLoose] = await keysOf(loose.id)
    await storage.delete([lostByPost, lostByLoose])

    const audit = await MediaAudit.run({ graceMs: 0 })
    assert.deepEqual(audit.orphans, [orphan])
    assert.sameDeepMembers(audit.missing, [
      { id: post.media[0].id, postId: post.id, keys: [lostByPost] },
      { id: loose.id, postId: null, keys: [lostByLoose] },
    ])

    assert.deepEqual(await MediaAudit.repair(audit), { orphans: 1, media: 1 })
    await changesDelivered()
    const after = await MediaAudit.run({ graceMs: 0 })
    assert.deepEqual(after.orphans, [])
    assert.deepEqual(
      after.missing.map(({ postId }) => postId),
      [post.id]
    )
  })
})
