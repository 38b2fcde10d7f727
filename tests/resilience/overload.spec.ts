import assert from 'node:assert/strict'
import { test } from '@japa/runner'
import type { TestContext } from '@japa/runner/core'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import mediaConfig from '#config/media'
import { buildArguments } from '#tests/build'
import { photograph } from '#tests/helpers'
import { NOT_THERE, photographs } from '#tests/photographs'
import { Account } from '#tests/server/account'
import { form, send } from '#tests/server/http'
import { Installation } from '#tests/server/installation'
import { assertProblem } from '#tests/server/problem'
import type { ServerProcess } from '#tests/server/server_process'
import { until } from '#tests/server/until'

const MB = 1_000_000
const MEASURABLE = existsSync('/proc/self/io')
const NOT_MEASURABLE = 'The memory and the reads of another process are only told by Linux'

type Assert = TestContext['assert']

/** Sends a body without looking up until the connection ends: what came back, and how much left for the other side. */
async function pour(
  server: ServerProcess,
  headers: Record<string, string>,
  bytes: number,
  framing: 'Content-Length' | 'chunks'
) {
  const { hostname, port } = new URL(server.url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  let answer = ''
  socket.setEncoding('latin1').on('data', (data) => (answer += data))
  // How it ends does not matter: what came before does.
  socket.on('error', () => socket.destroy())
  const closed = new Promise((resolve) => socket.on('close', resolve))

  const { headers: type, body } = form({ name: 'file', filename: 'x.jpg', data: '' })
  const length = framing === 'chunks' ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(bytes) }
  const head = Object.entries({ host: hostname, ...headers, ...type, ...length }).map((entry) => entry.join(': '))
  socket.write(['POST /v1/media HTTP/1.1', ...head, '\r\n'].join('\r\n'))
  const write = (data: Buffer) =>
    socket.write(framing === 'chunks' ? Buffer.concat([chunkHead(data), data, Buffer.from('\r\n')]) : data)
  write(body.subarray(0, body.lastIndexOf('\r\n--')))
  const data = Buffer.alloc(64_000, 'x')
  for (let sent = 0; sent < bytes && !socket.destroyed; sent += data.length) {
    if (!write(data)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
  }
  socket.end()
  await closed
  return { answer, sent: socket.bytesWritten - socket.writableLength }
}

function chunkHead({ length }: Buffer) {
  return Buffer.from(`${length.toString(16)}\r\n`)
}

/** Sends half of an upload at once; the function that it returns sends the rest, and resolves with the answer. */
function begin(account: Account, picture: Buffer) {
  const { headers, body } = form({ name: 'file', filename: 'photograph.jpg', data: picture })
  const length = { 'content-length': String(body.length) }
  const outgoing = request(`${account.url}/v1/media`, {
    method: 'POST',
    headers: { ...account.headers, ...headers, ...length },
    agent: false,
  })
  const half = Math.floor(body.length / 2)
  outgoing.write(body.subarray(0, half))
  return () => send(outgoing, body.subarray(half))
}

/** With the grain of a camera. */
async function photographOf2MB() {
  const noise = { type: 'gaussian', mean: 128, sigma: 14 } as const
  const grain = sharp({ create: { width: 1500, height: 1000, channels: 3, background: '#808080', noise } })
  return grain.resize(3000, 2000).jpeg({ quality: 92 }).toBuffer()
}

/** 49.98 megapixels. */
function largest() {
  return sharp({ create: { width: 8660, height: 5772, channels: 3, background: '#884422' } })
}

function largePictures() {
  const encodings: ((picture: Sharp) => Sharp)[] = [
    (picture) => picture.jpeg(),
    (picture) => picture.jpeg({ progressive: true }),
    (picture) => picture.png({ compressionLevel: 1 }),
    (picture) => picture.webp({ effort: 0, quality: 60 }),
  ]
  return encodings.map((encode) => encode(largest()).toBuffer())
}

const hostileFiles: Record<string, () => Promise<Buffer> | Buffer> = {
  'a PNG of 20,000 × 20,000': () => pictureBomb(20_000),
  'a JPEG cut in half': async () => half(await photograph({ width: 1600, height: 1200 })),
  'a PNG cut in half': async () =>
    half(
      await sharp(await photograph())
        .png()
        .toBuffer()
    ),
  'a script named .jpg': () => Buffer.from('#!/bin/sh\nrm -rf /\n'),
  'an SVG': () => Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
  'a GIF of 10,000 frames': () => animation(10_000),
  'an empty file': () => Buffer.alloc(0),
  'the head of a JPEG and then noise': () =>
    Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), Buffer.alloc(9000, 7)]),
}

function half(file: Buffer) {
  return file.subarray(0, Math.floor(file.length / 2))
}

/** A black square of one bit a pixel: it is small as a file, and large as a picture. */
function pictureBomb(side: number) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header[8] = 1
  const rows = Buffer.alloc(side * (1 + Math.ceil(side / 8)))
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

function pngChunk(type: string, data: Buffer) {
  const content = Buffer.concat([Buffer.from(type), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(content))
  return Buffer.concat([length, content, checksum])
}

/** Frames of one pixel. */
function animation(frames: number) {
  const start = Buffer.from('474946383961010001008000000000ff' + 'ffffff', 'hex')
  const frame = Buffer.from('21f9040001000000' + '2c000000000100010000' + '0202440100', 'hex')
  return Buffer.concat([start, ...Array.from({ length: frames }, () => frame), Buffer.from(';')])
}

test.group('An overloaded server', (group) => {
  let installation: Installation
  let server: ServerProcess
  let account: Account

  group.setup(async () => {
    // Built: the loader of TypeScript takes memory that a deployed server does not.
    await mkdir('tmp', { recursive: true })
    const folder = await mkdtemp(resolve('tmp/overload-'))
    installation = await Installation.create()
    const { code, output } = await installation.ace(...(await buildArguments(folder)))
    assert.equal(code, 0, output)
    server = await installation.start(join(folder, 'build/bin/server.js'))
    account = await Account.signUp(server.url, 'ada')
    return async () => {
      await installation[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    }
  })

  /** What was refused left nothing, and what was taken is whole. */
  async function leftNothing(assert: Assert, { media }: { media: number }) {
    await until(async () => (await installation.filesIn('tmp')).length === 0, 'the spool is empty')
    assert.lengthOf(await installation.rows('media'), media)
    assert.deepEqual(await installation.filesIn('files'), await installation.ownedKeys())
    assert.isTrue(server.isRunning)
  }

  const [tooLarge, unauthorized] = [
    { status: 413, code: 'E_UPLOAD_TOO_LARGE' },
    { status: 401, code: 'E_UNAUTHORIZED_ACCESS' },
  ]
  for (const [who, framing, mostRead, problem] of [
    ['an upload', 'Content-Length', 3 * MB, tooLarge],
    ['an upload', 'chunks', 25 * MB, tooLarge],
    ['an upload without a token', 'Content-Length', 3 * MB, unauthorized],
    ['an upload without a token', 'chunks', 3 * MB, unauthorized],
  ] as const) {
    test(`cuts ${who} of 60 MB in ${framing} off, and answers`, async ({ assert }) => {
      // Whatever is loaded with the first upload is not of the body.
      await account.upload(Buffer.from('no picture'))
      const before = await server.bytesRead()
      const headers = problem === unauthorized ? {} : account.headers
      const { answer, sent } = await pour(server, headers, 60 * MB, framing)

      const read = (await server.bytesRead()) - before
      console.log(`    read ${(read / MB).toFixed(1)} MB of ${(sent / MB).toFixed(1)} MB sent`)
      assert.isBelow(read, mostRead)
      assert.isBelow(sent, 60 * MB)
      const [head, body] = answer.split('\r\n\r\n')
      assert.match(head, new RegExp(`^HTTP/1.1 ${problem.status} .*application/problem\\+json`, 's'))
      assert.containsSubset(JSON.parse(body), problem)
      await leftNothing(assert, { media: 0 })
    }).skip(!MEASURABLE, NOT_MEASURABLE)
  }

  for (const [what, make] of Object.entries(hostileFiles)) {
    test(`refuses ${what} in words of its own, and leaves nothing behind`, async ({ assert }) => {
      const answer = await account.upload(await make())
      assert.oneOf(answer.status, [413, 415, 422])
      assertProblem(assert, answer)
      await leftNothing(assert, { media: 0 })
    })
  }

  test('refuses a photograph that is corrupted, and leaves nothing behind', async ({ assert }) => {
    const answer = await account.upload(await readFile(photographs.path('corrupted.jpg')))
    assert.equal(answer.status, 422)
    assertProblem(assert, answer)
    await leftNothing(assert, { media: 0 })
  }).skip(!photographs.areThere, NOT_THERE)

  for (const path of ['/v1/media', '/v1/posts', '/v1/users', '/v1/session', '/v1/users/ada/profile/avatar']) {
    test(`survives hostile forms at POST ${path}`, async ({ assert }) => {
      const deep = `a${'[b]'.repeat(2000)}`
      for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty', deep, '', '"', 'file[]']) {
        for (const filename of ['x.jpg', undefined, 'x.jpg"; filename*=UTF-8\'\'%zz; x="']) {
          const answer = await account.post(path, form({ name, filename, data: await photograph() }))
          assert.oneOf(answer.status, [400, 413, 415, 422])
          assertProblem(assert, answer)
        }
      }
      await leftNothing(assert, { media: 0 })
    })
  }

  test('answers 200 uploads and four of 50 megapixels at once within 600 MB, and is well', async ({ assert }) => {
    const [photo, large] = await Promise.all([photographOf2MB(), Promise.all(largePictures())])

    // The large ones are in hand before the others come.
    const finish = large.map((picture) => begin(account, picture))
    await until(async () => (await installation.filesIn('tmp')).length === large.length, 'four uploads are in hand')
    const first = finish.map((each) => each())
    const answers = await Promise.all([...first, ...Array.from({ length: 200 }, () => account.upload(photo))])

    const taken = answers.filter(({ status }) => status === 201)
    const refused = answers.filter(({ status }) => status !== 201)
    assert.deepEqual(
      answers.slice(0, large.length).map(({ status, body }) => (status === 201 ? 201 : `${status} ${body}`)),
      large.map(() => 201)
    )
    assert.isAtLeast(taken.length, mediaConfig.uploadsAtOnce!)
    for (const answer of refused) {
      assert.equal(answer.status, 503, answer.body.toString())
      assert.match(answer.headers['retry-after']!, /^[1-9]\d*$/)
      assertProblem(assert, answer)
    }
    if (MEASURABLE) {
      const { current, peak } = await server.rss()
      console.log(`    ${taken.length} taken, memory ${peak.toFixed(0)} MB at most, ${current.toFixed(0)} MB now`)
      assert.isBelow(peak, 600)
    }
    await leftNothing(assert, { media: taken.length })
  })

  test('has room for as many uploads as ever afterwards', async ({ assert }) => {
    const before = (await installation.rows('media')).length
    const picture = await photograph()
    const finish = Array.from({ length: mediaConfig.uploadsAtOnce! }, () => begin(account, picture))
    await until(async () => (await installation.filesIn('tmp')).length === finish.length, 'all of them are in hand')
    assert.equal((await account.upload(picture)).status, 503)
    for (const { status } of await Promise.all(finish.map((each) => each()))) assert.equal(status, 201)
    // It takes nearly all of the memory that decoding may take.
    const heavy = await largest().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer()
    assert.equal((await account.upload(heavy)).status, 201)
    await leftNothing(assert, { media: before + finish.length + 1 })
  })
})
