import { test } from '@japa/runner'
import { IncomingMessage, request, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import { MemoryDisk } from '#providers/storage/drivers/memory'
import { E_STORAGE_UNAVAILABLE, Storage, type Disk } from '#providers/storage/index'
import { parseRange, serveFile } from '#providers/storage/serve'
import { serving } from '#tests/suites/disk'

const CONTENT = '0123456789'
const WEBP = { contentType: 'image/webp' }

async function serve(disk: Disk) {
  const { storage, warnings, close } = await serving((baseUrl) => new Storage({ disk, baseUrl, secret: 'secret' }))
  const get = (key: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(storage.url(key), { method, headers })
  return { storage, warnings, close, get }
}

async function servingDigits() {
  const disk = new MemoryDisk()
  await disk.put('digits.webp', Buffer.from(CONTENT), WEBP)
  await disk.put('empty.webp', Buffer.alloc(0), WEBP)
  return serve(disk)
}

/** A disk with one file, of 1,000,000 bytes as it says, whose stream is the one given. */
function diskOf(stream: Readable): Disk {
  const stat = { size: 1_000_000, contentType: 'image/webp', etag: '"x"', modifiedAt: new Date() }
  return Object.assign(new MemoryDisk(), { open: async () => ({ stream, stat }), stat: async () => stat })
}

test.group('Serving a file', () => {
  test('sends it whole, with what a client wants to know', async ({ assert, cleanup }) => {
    const { storage, get, close } = await servingDigits()
    cleanup(close)
    const stat = await storage.stat('digits.webp')

    const answer = await get('digits.webp')
    assert.equal(answer.status, 200)
    assert.deepInclude(Object.fromEntries(answer.headers), {
      'content-length': '10',
      'content-type': 'image/webp',
      etag: stat!.etag,
      'last-modified': stat!.modifiedAt.toUTCString(),
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=60',
      'content-disposition': 'inline',
      'x-content-type-options': 'nosniff',
      'x-from-context': 'yes',
    })
    assert.equal(await answer.text(), CONTENT)

    const empty = await get('empty.webp')
    assert.equal(empty.headers.get('content-length'), '0')
    assert.equal(await empty.text(), '')
  })

  test('answers HEAD as GET, without the body', async ({ assert, cleanup }) => {
    const { get, close } = await servingDigits()
    cleanup(close)
    const whole = await get('digits.webp')
    for (const headers of [{}, { Range: 'bytes=0-3' }] as Record<string, string>[]) {
      const head = await get('digits.webp', headers, 'HEAD')
      assert.equal(head.status, 200)
      assert.equal(await head.text(), '')
      for (const name of ['content-length', 'content-type', 'etag', 'cache-control', 'x-content-type-options']) {
        assert.equal(head.headers.get(name), whole.headers.get(name), name)
      }
    }
    assert.equal((await get('missing', {}, 'HEAD')).status, 404)
  })

  test('leaves a missing file and a hostile key to the caller, with nothing sent', async ({ assert, cleanup }) => {
    const { storage, close } = await servingDigits()
    cleanup(close)
    for (const key of ['missing', '%2e%2e/x', 'a//b', '.tmp/x', 'a%00b', '']) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await fetch(storage.url('x').replace(/x$/, key), { method, headers: { Range: 'bytes=0-1' } })
        assert.equal(answer.status, 404, key)
        assert.isNull(answer.headers.get('cache-control'))
      }
    }
  })

  test('says 304 to who knows it', async ({ assert, cleanup }) => {
    const { storage, get, close } = await servingDigits()
    cleanup(close)
    const { etag } = (await storage.stat('digits.webp'))!
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*', `${etag},"other"`]) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await get('digits.webp', { 'If-None-Match': known }, method)
        assert.equal(answer.status, 304, known)
        assert.equal(answer.headers.get('etag'), etag)
        assert.equal(answer.headers.get('cache-control'), 'private, max-age=60')
        assert.equal(await answer.text(), '')
      }
    }
    for (const known of ['"other"', etag.slice(1, -1), 'W/', ',,,']) {
      assert.equal((await get('digits.webp', { 'If-None-Match': known })).status, 200, known)
    }
  })

  test('sends a range', async ({ assert, cleanup }) => {
    const { storage, get, close } = await servingDigits()
    cleanup(close)
    const ranges = {
      '0-0': '0',
      '2-4': '234',
      '7-': '789',
      '-3': '789',
      '-99': CONTENT,
      '5-99999999999999999999': '56789',
    }
    for (const [range, expected] of Object.entries(ranges)) {
      const answer = await get('digits.webp', { Range: `bytes=${range}` })
      assert.equal(answer.status, 206, range)
      assert.equal(await answer.text(), expected)
      assert.equal(answer.headers.get('content-length'), String(expected.length))
      const start = CONTENT.indexOf(expected)
      assert.equal(answer.headers.get('content-range'), `bytes ${start}-${start + expected.length - 1}/10`)
    }
    const { etag } = (await storage.stat('digits.webp'))!
    assert.equal((await get('digits.webp', { Range: 'bytes=1-2', 'If-Range': etag })).status, 206)
    assert.equal((await get('digits.webp', { Range: 'bytes=1-2', 'If-Range': '"older"' })).status, 200)
  })

  test('says 416 to a range beyond the end, and keeps caches from keeping that', async ({ assert, cleanup }) => {
    const { get, close } = await servingDigits()
    cleanup(close)
    for (const range of ['10-', '10-20', '99999999999999999999-', '-0']) {
      const answer = await get('digits.webp', { Range: `bytes=${range}` })
      assert.equal(answer.status, 416, range)
      assert.equal(answer.headers.get('content-range'), 'bytes */10')
      assert.isNull(answer.headers.get('cache-control'))
    }
    assert.equal((await get('empty.webp', { Range: 'bytes=0-' })).status, 416)
    assert.equal((await get('empty.webp', { Range: 'bytes=-5' })).status, 416)
  })

  test('sends it whole for several ranges and for what is none', async ({ assert, cleanup }) => {
    const { get, close } = await servingDigits()
    cleanup(close)
    const hostile = [
      'bytes=0-1,3-4',
      'bytes=4-2',
      'bytes=-',
      'bytes=',
      'bytes=a-b',
      'bytes=1',
      'bytes=1-2-3',
      'items=0-1',
      'bytes=--1',
    ]
    for (const range of [
      ...hostile,
      'bytes=0x1-2',
      'bytes=1.5-2',
      'bytes= 1-2',
      `bytes=${'0-0,'.repeat(2_000)}0-0`,
      '=',
      '0-1',
    ]) {
      const answer = await get('digits.webp', { Range: range })
      assert.equal(answer.status, 200, range.slice(0, 30))
      assert.equal(await answer.text(), CONTENT)
    }
  })

  test('reads ranges as RFC 9110 does', ({ assert }) => {
    assert.deepEqual(parseRange('BYTES=0-', 5), { start: 0, end: 4 })
    assert.deepEqual(parseRange(' bytes=1-1 ', 5), { start: 1, end: 1 })
    assert.isUndefined(parseRange(`bytes=${'9'.repeat(400)}-1`, 5))
    assert.isNull(parseRange(`bytes=${'9'.repeat(400)}-`, 5))
    assert.deepEqual(parseRange(`bytes=-${'9'.repeat(400)}`, 5), { start: 0, end: 4 })
  })

  test('destroys the stream of the disk when the client goes away', async ({ assert, cleanup }) => {
    const stream = new PassThrough()
    const closed = new Promise((resolve) => stream.once('close', resolve))
    const { storage, warnings, close } = await serve(diskOf(stream))
    cleanup(close)
    stream.write('first')
    const call = request(storage.url('a.webp')).end()
    const [answer] = await once(call, 'response')
    await once(answer, 'data')
    answer.destroy()
    await closed
    assert.lengthOf(warnings, 0)
  })

  test('destroys the stream of a client that left before the disk answered', async ({ assert }) => {
    const stream = new PassThrough()
    const call = new IncomingMessage(new Socket())
    const response = new ServerResponse(call)
    response.destroy()
    assert.isTrue(await serveFile(call, response, diskOf(stream), 'a.webp', { cacheControl: 'private' }))
    assert.isTrue(stream.destroyed)
  })

  test('ends the connection when the disk breaks off, and says so in the log', async ({ assert, cleanup }) => {
    const stream = new PassThrough()
    const { warnings, get, close } = await serve(diskOf(stream))
    cleanup(close)
    stream.write('first')
    const answer = await get('a.webp')
    assert.equal(answer.status, 200)
    const body = answer.text().catch((error) => error)
    stream.destroy(new E_STORAGE_UNAVAILABLE())
    assert.instanceOf(await body, TypeError)
    assert.lengthOf(warnings, 1)
  })

  test('throws what the disk throws before anything was sent', async ({ assert, cleanup }) => {
    const fail = async () => {
      throw new E_STORAGE_UNAVAILABLE()
    }
    const disk = Object.assign(diskOf(new PassThrough()), { open: fail })
    const { get, close } = await serve(disk)
    cleanup(close)
    for (const headers of [{}, { Range: 'bytes=0-1' }] as Record<string, string>[]) {
      const answer = await get('a.webp', headers)
      assert.equal(answer.status, 503)
      assert.isNull(answer.headers.get('cache-control'), 'headers of the file on an error')
      assert.isNull(answer.headers.get('etag'))
    }
  })
})
