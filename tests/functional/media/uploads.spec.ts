import { request } from 'node:http'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { DateTime } from 'luxon'
import sharp from 'sharp'
import mediaConfig from '#config/media'
import { MediaAudit } from '#models/media_audit'
import Upload, { MAX_PENDING } from '#models/upload'
import storage from '#providers/storage/service'
import { changesDelivered, cleanUp, eventually, fetchFile, newcomer, photograph } from '#tests/helpers'

type Client = Parameters<typeof newcomer>[0]
type Person = Pick<Awaited<ReturnType<typeof newcomer>>, 'headers'>

const filesIn = async (folder: string) => (await storage.list(folder, { limit: 1000 })).files.map(({ key }) => key)

async function start(client: Client, { headers }: Person, size: number, contentType = 'image/jpeg') {
  const response = await client.post('/v1/uploads').headers(headers).json({ contentType, size })
  response.assertStatus(201)
  return response.body().data
}

/** Sends the file to the address that was given, which is this server's. */
function send({ url, method, headers }: any, body: Buffer, changed: Record<string, string> = {}) {
  const { pathname, search } = new URL(url)
  const address = `http://${process.env.HOST}:${process.env.PORT}${pathname}${search}`
  return fetch(address, { method, headers: { ...headers, ...changed }, body: new Uint8Array(body) })
}

function complete(client: Client, { headers }: Person, id: string, details: object = {}) {
  return client.put(`/v1/uploads/${id}`).headers(headers).json(details)
}

async function uploaded(client: Client, person: Person, file: Buffer) {
  const upload = await start(client, person, file.length)
  if (!(await send(upload, file)).ok) throw new RangeError('The file was refused')
  return upload
}

/** Moves an upload into the past, as if it had been started so long ago. */
const age = (id: string, minutes: number) =>
  db
    .from('uploads')
    .where('id', id)
    .update({
      expires_at: DateTime.utc()
        .minus({ minutes: minutes - 60 })
        .toISO(),
    })

test.group('Direct uploads', (group) => {
  group.each.setup(async () => {
    await cleanUp()
    await storage.delete([...(await filesIn('media')), ...(await filesIn('uploads'))])
  })

  test('makes of a file what POST /v1/media makes of it', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const file = await photograph({ width: 1500, height: 1000 })
    const upload = await start(client, ada, file.length)
    assert.containsSubset(upload, { method: 'PUT', headers: { 'Content-Type': 'image/jpeg' } })
    assert.match(upload.url, /^http:\/\/calotype\.test\/files\/uploads\//)
    assert.closeTo(new Date(upload.expiresAt).getTime() - Date.now(), 3_600_000, 60_000)
    assert.equal((await send(upload, file)).status, 204)

    const direct = await complete(client, ada, upload.id, { altText: ' A hill ', focalPoint: { x: 0.25, y: 0.75 } })
    direct.assertStatus(201)
    const posted = await client
      .post('/v1/media')
      .headers(ada.headers)
      .fields({ altText: ' A hill ', focalPoint: '0.25,0.75' })
      .file('file', file, { filename: 'hill.jpg' })

    const { data } = direct.body()
    assert.equal(direct.header('location'), `/v1/media/${data.id}`)
    const comparable = ({ id, variants, ...rest }: any) => ({
      ...rest,
      variants: variants.map(({ url, ...variant }: any) => variant),
    })
    assert.deepEqual(comparable(data), comparable(posted.body().data))
    for (const [index, { url }] of data.variants.entries()) {
      const [one, other] = [
        await fetchFile(client, url),
        await fetchFile(client, posted.body().data.variants[index].url),
      ]
      assert.isTrue(one.body().equals(other.body()), 'the same bytes')
    }
    ;(await client.get(`/v1/media/${data.id}`).headers(ada.headers)).assertStatus(200)
    const published = await client
      .post('/v1/posts')
      .headers(ada.headers)
      .json({ mediaIds: [data.id] })
    published.assertStatus(201)
  })

  test('gives the same medium to whoever completes again, also at once', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const upload = await uploaded(client, ada, await photograph())
    const answers = await Promise.all(Array.from({ length: 6 }, () => complete(client, ada, upload.id)))
    answers.push(await complete(client, ada, upload.id, { altText: 'too late' }))
    assert.deepEqual(new Set(answers.map((each) => each.status())), new Set([201]))
    assert.lengthOf([...new Set(answers.map((each) => each.body().data.id))], 1)

    assert.lengthOf(await db.from('media'), 1)
    assert.lengthOf(await filesIn('media'), 8)
    const [mark] = (await storage.list('uploads', { limit: 10 })).files
    assert.equal(mark.size, 0)
  })

  test('refuses an address that was used, before and after the upload is complete', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const file = await photograph()
    const upload = await uploaded(client, ada, file)
    const refused = async () => {
      const again = await send(upload, Buffer.alloc(file.length))
      assert.equal(again.status, 412)
      assert.equal(((await again.json()) as any).code, 'E_ALREADY_UPLOADED')
    }
    await refused()
    ;(await complete(client, ada, upload.id)).assertStatus(201)
    await refused()
    const { size } = (await storage.stat(`uploads/${upload.id}`))!
    assert.equal(size, 0)
  })

  test('takes what was announced only, and keeps nothing of the rest', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const file = await photograph()
    const upload = await start(client, ada, file.length)
    const other = await start(client, ada, file.length)
    const elsewhere = { ...upload, url: other.url.replace(other.id, upload.id) }
    const later = {
      ...upload,
      url: upload.url.replace(/expires=(\d+)/, (_: string, at: string) => `expires=${+at + 1}`),
    }
    const unsigned = { ...upload, url: upload.url.split('?')[0] }
    for (const [to, body, changed] of [
      [upload, Buffer.concat([file, file]), {}],
      [upload, file.subarray(1), {}],
      [upload, file, { 'Content-Type': 'image/png' }],
      [upload, file, { 'Content-Type': 'application/octet-stream' }],
      [upload, file, { 'Content-Type': 'multipart/form-data; boundary=x' }],
      [elsewhere, file, {}],
      [later, file, {}],
      [unsigned, file, {}],
    ] as const) {
      const refused = await send(to, body, changed)
      assert.equal(refused.status, 403, JSON.stringify([to.url, changed]))
      assert.equal(((await refused.json()) as any).code, 'E_UPLOAD_REFUSED')
    }
    const chunked = await fetch(`http://${process.env.HOST}:${process.env.PORT}${new URL(upload.url).pathname}`, {
      method: 'PUT',
      body: new Blob([new Uint8Array(file)]).stream(),
      duplex: 'half',
    } as RequestInit)
    assert.equal(chunked.status, 403)
    ;(await fetchFile(client, upload.url)).assertStatus(404)
    assert.deepEqual(await filesIn('uploads'), [])
    assert.equal((await send(upload, file)).status, 204)
  })

  test('keeps nothing of a file that breaks off', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const file = await photograph()
    const upload = await start(client, ada, file.length)
    const { pathname, search } = new URL(upload.url)
    const outgoing = request({
      host: process.env.HOST,
      port: process.env.PORT,
      path: pathname + search,
      method: 'PUT',
      headers: { ...upload.headers, 'content-length': String(file.length) },
    })
    const ended = new Promise((resolve) => outgoing.on('error', resolve))
    outgoing.write(file.subarray(0, file.length / 2), () => outgoing.destroy())
    await ended

    // Nothing of it is there, or in the way of the whole.
    await eventually(async () => (await send(upload, file)).status === 204, 'the file is taken')
    ;(await complete(client, ada, upload.id)).assertStatus(201)
    assert.lengthOf(await filesIn('uploads'), 1)
  })

  test('refuses bad pictures as POST /v1/media does, and removes them', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const whole = await photograph({ width: 1200, height: 900 })
    for (const file of [
      Buffer.from('#!/bin/sh\nrm -rf /\n'),
      whole.subarray(0, whole.length / 2),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      await sharp({ create: { width: 9000, height: 6000, channels: 3, background: '#888' } })
        .png()
        .toBuffer(),
    ]) {
      const upload = await uploaded(client, ada, file)
      const direct = await complete(client, ada, upload.id)
      const posted = await client.post('/v1/media').headers(ada.headers).file('file', file, { filename: 'x.jpg' })
      assert.isAtLeast(direct.status(), 415)
      assert.deepEqual([direct.status(), direct.body()], [posted.status(), posted.body()])
      assert.deepEqual(await filesIn('uploads'), [])
      const again = await complete(client, ada, upload.id)
      assert.deepEqual([again.status(), again.body().code], [409, 'E_NOT_UPLOADED'])
    }
    assert.lengthOf(await db.from('media'), 0)
    assert.deepEqual(await filesIn('media'), [])
  })

  test('is completed by its owner only, in time, and with the file', async ({ client, assert }) => {
    const [ada, bert] = [await newcomer(client), await newcomer(client)]
    const empty = await start(client, ada, 100)
    const early = await complete(client, ada, empty.id)
    assert.deepEqual([early.status(), early.body().code], [409, 'E_NOT_UPLOADED'])

    const upload = await uploaded(client, ada, await photograph())
    ;(await complete(client, bert, upload.id)).assertStatus(404)
    ;(await client.put(`/v1/uploads/${upload.id}`).json({})).assertStatus(401)
    for (const details of [{ altText: 5 }, { focalPoint: { x: 2, y: 0 } }, { focalPoint: '0,0' }, { caption: 'no' }])
      (await complete(client, ada, upload.id, details)).assertStatus(422)

    await age(upload.id, 61)
    const late = await complete(client, ada, upload.id)
    assert.deepEqual([late.status(), late.body().code], [410, 'E_UPLOAD_EXPIRED'])
    assert.lengthOf(await db.from('media'), 0)
  })

  test('takes announcements of pictures up to the limit', async ({ client }) => {
    const ada = await newcomer(client)
    const announce = (body: object) => client.post('/v1/uploads').headers(ada.headers).json(body)
    const contentType = 'image/jpeg'
    ;(await announce({ contentType, size: mediaConfig.maxBytes })).assertStatus(201)
    for (const body of [
      { contentType, size: mediaConfig.maxBytes + 1 },
      { contentType, size: 0 },
      { contentType, size: 1.5 },
      { contentType, size: '5' },
      { contentType },
      { size: 5 },
      { contentType: 'image/svg+xml', size: 5 },
      { contentType: 'text/html', size: 5 },
      { contentType, size: 5, key: 'media/x' },
    ])
      (await announce(body)).assertStatus(422)
    ;(await client.post('/v1/uploads').json({ contentType, size: 5 })).assertStatus(401)
  })

  test('holds an account to so many pending ones, also at once', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const announce = () => client.post('/v1/uploads').headers(ada.headers).json({ contentType: 'image/jpeg', size: 5 })
    const answers = await Promise.all(Array.from({ length: MAX_PENDING + 5 }, announce))
    assert.lengthOf(
      answers.filter((each) => each.status() === 201),
      MAX_PENDING
    )
    const refused = answers.filter((each) => each.status() === 409)
    assert.lengthOf(refused, 5)
    assert.equal(refused[0].body().code, 'E_TOO_MANY_UPLOADS')
    assert.lengthOf(await db.from('uploads'), MAX_PENDING)
    await start(client, await newcomer(client), 5)

    await age((await db.from('uploads').where('user_id', ada.id).firstOrFail()).id, 61)
    ;(await announce()).assertStatus(201)
  })

  test('collects what is long over, and nothing else', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const file = await photograph()
    const ids: Record<string, string> = {}
    for (const name of ['young', 'expired', 'old', 'completed', 'completed long ago'])
      ids[name] = (await uploaded(client, ada, file)).id
    ids['never sent'] = (await start(client, ada, 5)).id
    const media = []
    for (const name of ['completed', 'completed long ago'])
      media.push((await complete(client, ada, ids[name])).body().data)
    await storage.put('uploads/of-nobody', file, { contentType: 'image/jpeg' })

    await age(ids.expired, 119)
    for (const name of ['old', 'completed long ago', 'never sent']) await age(ids[name], 121)
    assert.equal(await Upload.collectExpired(), 3)

    const kept = [ids.young, ids.expired, ids.completed]
    assert.sameMembers(
      await filesIn('uploads'),
      kept.map((id) => `uploads/${id}`)
    )
    assert.sameMembers(
      (await db.from('uploads').select('id')).map(({ id }) => id),
      kept
    )
    ;(await complete(client, ada, ids.young)).assertStatus(201)
    for (const { id, variants } of media) {
      ;(await client.get(`/v1/media/${id}`).headers(ada.headers)).assertStatus(200)
      ;(await fetchFile(client, variants[0].url)).assertStatus(200)
    }
    ;(await complete(client, ada, ids.old)).assertStatus(404)
  })

  test('is no orphan to media:verify, and goes with its owner', async ({ client, assert }) => {
    const ada = await newcomer(client)
    await uploaded(client, ada, await photograph())
    assert.containsSubset(await MediaAudit.run({ graceMs: 0 }), { files: 0, orphans: [], missing: [] })

    await db.from('users').where('id', ada.id).delete()
    assert.lengthOf(await db.from('uploads'), 0)
    await Upload.collectExpired()
    assert.deepEqual(await filesIn('uploads'), [])
  })

  test('lets the medium that it became go', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const upload = await uploaded(client, ada, await photograph())
    const { id } = (await complete(client, ada, upload.id)).body().data
    ;(await client.delete(`/v1/media/${id}`).headers(ada.headers)).assertStatus(204)
    ;(await complete(client, ada, upload.id)).assertStatus(404)
    await changesDelivered()
    assert.lengthOf(await db.from('media').whereNull('deleted_at'), 0)
  })
})
