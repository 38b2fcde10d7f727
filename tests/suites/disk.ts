import { test } from '@japa/runner'
import { randomBytes, randomUUID } from 'node:crypto'
import { writeFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { Storage, type Disk } from '#providers/storage/index'

const TEXT = { contentType: 'text/plain; charset=utf-8' }
const WEBP = { contentType: 'image/webp' }

const HOSTILE_KEYS = [
  '',
  '/',
  '/a',
  'a/',
  'a//b',
  '.',
  '..',
  '../a',
  'a/../b',
  'a/./b',
  'a/..',
  '.tmp/a',
  'a/.hidden',
  'a\\b',
  'a b',
  'ä',
  'a\0b',
  'a\n',
  'a?b',
  'a%2e%2e',
  'a:b',
  '~',
  'x'.repeat(256),
  `${'x/'.repeat(256)}xx`,
]

/** Reads a file as text, null for one that is not there. */
export async function textOf(disk: Disk, key: string, range?: { start: number; end: number }) {
  const file = await disk.open(key, range)
  return file && (await buffer(file.stream)).toString()
}

/** The keys of a folder, in pages of `limit`. */
export async function keysOf(disk: Disk, prefix: string, limit = 1000) {
  const pages: string[][] = []
  let cursor: string | null = null
  do {
    const page = await disk.list(prefix, { limit, cursor })
    pages.push(page.files.map(({ key }) => key))
    cursor = page.nextCursor
  } while (cursor)
  return pages
}

/**
 * Serves a storage as a route would, with the key behind `/files/`: 404 for what is not there or not signed. Takes the files
 * that it presigned.
 */
export async function serving(makeStorage: (baseUrl: string) => Storage) {
  const warnings: object[] = []
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://localhost')
    const key = url.pathname.slice('/files/'.length)
    const context = {
      request: { request },
      response: { response, relayHeaders: () => response.setHeader('X-From-Context', 'yes') },
      logger: { warn: (details: object) => warnings.push(details) },
    }
    const query = Object.fromEntries(url.searchParams)
    if (request.method === 'PUT') return response.writeHead(await take(key, query, request)).end()
    const isSigned = storage.isSigned(key, query)
    if (!isSigned && url.searchParams.has('signature')) return response.writeHead(404).end()
    try {
      const isServed = await storage.serve(context, key, { cacheControl: 'private, max-age=60' })
      if (!isServed) response.writeHead(404).end()
    } catch (error) {
      response.writeHead(error.status).end()
    }
  })
  const take = async (key: string, query: Record<string, string>, request: IncomingMessage) => {
    const { 'content-type': contentType = '', 'content-length': size = '' } = request.headers
    if (!storage.isPresigned(key, query, { contentType, size })) return 403
    if (await storage.stat(key)) return 412
    await storage.put(key, request, { contentType })
    return 200
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const storage = makeStorage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { storage, warnings, close }
}

/**
 * What every disk promises. `makeDisk` gives an empty disk, and is called once. Without `switchesTypes` the type of a
 * file that is overwritten with another one may be late.
 */
export function diskContract(name: string, makeDisk: () => Promise<Disk>, { switchesTypes = true } = {}) {
  test.group(`Disk: ${name}`, (group) => {
    let disk: Disk
    group.setup(async () => {
      disk = await makeDisk()
    })
    group.each.teardown(async () => {
      const keys = (await keysOf(disk, '')).flat()
      await disk.delete(keys)
    })

    test('keeps what a file is made of, with its type', async ({ assert }) => {
      const path = join(tmpdir(), randomUUID())
      const content = randomBytes(300_000)
      await writeFile(path, content)

      const bodies = {
        bytes: content,
        stream: Readable.from([content.subarray(0, 7), content.subarray(7)]),
        file: { path },
      }
      for (const [kind, body] of Object.entries(bodies)) {
        for (const [ending, options] of Object.entries({
          '': TEXT,
          '.webp': WEBP,
          '.zip': { contentType: 'application/zip' },
        })) {
          const key = `kinds/${kind}${ending}`
          const before = Date.now()
          await disk.put(
            key,
            body instanceof Readable ? Readable.from([content.subarray(0, 7), content.subarray(7)]) : body,
            options
          )

          const file = await disk.open(key)
          assert.isTrue(content.equals(await buffer(file!.stream)), key)
          assert.equal(file!.stat.size, content.length)
          assert.equal(file!.stat.contentType, options.contentType)
          assert.match(file!.stat.etag, /^"[^"]+"$/)
          assert.closeTo(file!.stat.modifiedAt.getTime(), before, 10_000)
          const stat = await disk.stat(key)
          assert.equal(stat!.etag, file!.stat.etag)
          assert.deepInclude(stat, { size: content.length, contentType: options.contentType })
        }
      }
      await rm(path)
    })

    test('keeps an empty file', async ({ assert }) => {
      await disk.put('empty', Buffer.alloc(0), TEXT)
      await disk.put('empty.webp', Readable.from([]), WEBP)
      assert.equal(await textOf(disk, 'empty'), '')
      assert.equal(await textOf(disk, 'empty.webp'), '')
      assert.deepInclude(await disk.stat('empty'), { size: 0, ...TEXT })
      await assert.rejects(() => disk.open('empty', { start: 0, end: 0 }), 'The range lies outside the file.')
    })

    test('says null for what is not there', async ({ assert }) => {
      await disk.put('a/1', Buffer.from('x'), TEXT)
      for (const key of ['missing', 'a', 'a/1/x', 'a/10']) {
        assert.isNull(await disk.open(key), key)
        assert.isNull(await disk.open(key, { start: 0, end: 1 }), key)
        assert.isNull(await disk.stat(key), key)
        const error = await disk.copy(key, 'copy').catch((reason) => reason)
        assert.equal(error.code, 'E_FILE_MISSING', key)
      }
      assert.isNull(await disk.stat('copy'))
    })

    test('overwrites a file and its type', async ({ assert }) => {
      await disk.put('a/file', Buffer.from('a longer first one'), TEXT)
      const first = await disk.stat('a/file')
      await disk.put('a/file', Buffer.from('second'), { contentType: 'application/json' })
      const second = await disk.stat('a/file')

      assert.equal(await textOf(disk, 'a/file'), 'second')
      assert.deepInclude(second, { size: 6, contentType: 'application/json' })
      assert.notEqual(second!.etag, first!.etag)
      assert.deepEqual(await keysOf(disk, ''), [['a/file']])
    })

    test('changes the ETag with the bytes, also at once and at the same length', async ({ assert }) => {
      const etags = new Set<string>()
      for (let i = 10; i < 30; i++) {
        await disk.put('same.gif', Buffer.from(`${i}`), { contentType: 'image/gif' })
        etags.add((await disk.stat('same.gif'))!.etag)
      }
      assert.equal(etags.size, 20)
    })

    test('opens ranges, both ends included', async ({ assert }) => {
      for (const [key, options] of Object.entries({ digits: TEXT, 'digits.webp': WEBP })) {
        await disk.put(key, Buffer.from('0123456789'), options)
        assert.equal(await textOf(disk, key, { start: 0, end: 0 }), '0')
        assert.equal(await textOf(disk, key, { start: 2, end: 4 }), '234')
        assert.equal(await textOf(disk, key, { start: 7, end: 1_000_000 }), '789')
        const file = await disk.open(key, { start: 9, end: 9 })
        assert.deepInclude(file!.stat, { size: 10, ...options })
        assert.equal((await buffer(file!.stream)).toString(), '9')

        for (const range of [
          { start: 10, end: 12 },
          { start: 1_000_000, end: 1_000_001 },
          { start: 4, end: 2 },
          { start: -1, end: 2 },
        ]) {
          const error = await disk.open(key, range).catch((reason) => reason)
          assert.equal(error.code, 'E_RANGE_NOT_SATISFIABLE', JSON.stringify(range))
          assert.equal(error.status, 416)
        }
      }
    })

    test('a reader during a write sees the old file or the new one', async ({ assert }) => {
      const version = (number: number) => ({
        body: Buffer.alloc(200_000, number % 256),
        options: { contentType: `text/x-version-${number % 256}` },
      })
      let written = 0
      let reads = 0
      await disk.put('hot', version(0).body, version(0).options)

      const write = async () => {
        while (written < 60) {
          const { body, options } = version(++written)
          const halves = Readable.from([body.subarray(0, 100_000), body.subarray(100_000)])
          await disk.put('hot', written % 2 ? body : halves, options)
        }
      }
      const read = async () => {
        while (written < 60) {
          const { stream, stat } = (await disk.open('hot'))!
          const content = await buffer(stream)
          assert.isTrue(content.equals(Buffer.alloc(200_000, content[0])), 'bytes of two versions')
          if (switchesTypes) assert.equal(stat.contentType, `text/x-version-${content[0]}`)
          reads++
        }
      }
      const runs = await Promise.allSettled([write(), write(), read(), read(), read(), read()])
      assert.deepEqual(
        runs.filter(({ status }) => status === 'rejected'),
        []
      )
      assert.isAbove(reads, 30)
    })

    test('an open stream gives the file of its opening', async ({ assert }) => {
      await disk.put('a/old.webp', Buffer.alloc(150_000, 1), WEBP)
      const file = await disk.open('a/old.webp')
      await disk.put('a/old.webp', Buffer.alloc(150_000, 2), WEBP)
      await disk.delete(['a/old.webp'])
      assert.isTrue((await buffer(file!.stream)).equals(Buffer.alloc(150_000, 1)))
    })

    test('a stream may be left unread', async ({ assert }) => {
      await disk.put('big', Buffer.alloc(3_000_000), TEXT)
      for (let i = 0; i < 60; i++) (await disk.open('big'))!.stream.destroy()
      assert.equal((await disk.stat('big'))!.size, 3_000_000)
    })

    test('a put that breaks off leaves nothing', async ({ assert }) => {
      const broken = (reason?: Error) => {
        const body = new Readable({ read() {} })
        body.push(Buffer.alloc(100_000))
        setImmediate(() => body.destroy(reason))
        return body
      }
      const reason = new RangeError('the upload is too large')

      await assert.rejects(() => disk.put('a/new', broken(reason), TEXT), reason.message)
      await assert.rejects(() => disk.put('a/new', broken(), TEXT))
      await assert.rejects(() => disk.put('a/new', { path: join(tmpdir(), randomUUID()) }, TEXT))
      assert.isNull(await disk.stat('a/new'))
      assert.deepEqual(await keysOf(disk, ''), [[]])

      await disk.put('a/new', Buffer.from('old'), TEXT)
      await assert.rejects(() => disk.put('a/new', broken(reason), WEBP), reason.message)
      assert.equal(await textOf(disk, 'a/new'), 'old')
      assert.deepInclude(await disk.stat('a/new'), { size: 3, ...TEXT })
    })

    test('copies a file with its type, over what is there', async ({ assert }) => {
      await disk.put('a/from', Buffer.from('copied'), TEXT)
      await disk.put('b/to', Buffer.from('old, and longer'), { contentType: 'application/json' })
      await disk.copy('a/from', 'b/to')
      await disk.copy('a/from', 'c/d/to')
      await disk.copy('a/from', 'a/from')
      await disk.delete(['a/from'])

      for (const key of ['b/to', 'c/d/to']) {
        assert.equal(await textOf(disk, key), 'copied')
        assert.deepInclude(await disk.stat(key), { size: 6, ...TEXT })
      }
      assert.deepEqual(await keysOf(disk, ''), [['b/to', 'c/d/to']])
    })

    test('stores a picture with the type of its ending only', async ({ assert }) => {
      await disk.put('a.webp', Buffer.from('x'), WEBP)
      await disk.put('plain', Buffer.from('x'), TEXT)
      const refused = [
        disk.put('b.webp', Buffer.from('x'), TEXT),
        disk.copy('a.webp', 'a.jpg'),
        disk.copy('plain', 'plain.webp'),
        disk.copy('a.webp', 'a'),
        ...['', 'text', 'text/plain\r\nX: y', 'a b/c', `text/${'x'.repeat(200)}`].map((contentType) =>
          disk.put('c', Buffer.from('x'), { contentType })
        ),
      ]
      for (const { reason } of (await Promise.allSettled(refused)) as PromiseRejectedResult[]) {
        assert.equal(reason?.code, 'E_INVALID_CONTENT_TYPE')
      }
      assert.deepEqual(await keysOf(disk, ''), [['a.webp', 'plain']])
    })

    test('deletes many, missing ones and none', async ({ assert }) => {
      const keys = Array.from({ length: 30 }, (_, index) => `many/${index % 3}/${index}`)
      await Promise.all(keys.map((key) => disk.put(key, Buffer.from(key), TEXT)))
      await disk.put('stays', Buffer.from('x'), TEXT)
      assert.lengthOf((await keysOf(disk, 'many')).flat(), 30)

      await disk.delete([])
      await disk.delete(['many', 'many/1', 'missing/file', 'stays/x'])
      assert.lengthOf((await keysOf(disk, 'many')).flat(), 30)
      await disk.delete([...keys, 'missing', ...Array.from({ length: 1_100 }, (_, index) => `none/${index}`)])
      assert.deepEqual(await keysOf(disk, ''), [['stays']])
    })

    test('lists in pages, in the order of the bytes', async ({ assert }) => {
      const keys = ['B', 'a-b/x', 'a.b', 'a/1', 'a/2/1', 'a/2/2', 'a/20', 'a0', 'a_', 'aa/a', 'b']
      await Promise.all(keys.map((key) => disk.put(key, Buffer.from(key), TEXT)))

      assert.deepEqual(await keysOf(disk, ''), [keys])
      assert.deepEqual(await keysOf(disk, '', 4), [keys.slice(0, 4), keys.slice(4, 8), keys.slice(8)])
      assert.deepEqual(await keysOf(disk, '', 11), [keys])
      assert.deepEqual((await keysOf(disk, '', 1)).flat(), keys)
      assert.deepEqual((await keysOf(disk, '', 0)).flat(), keys)
      assert.deepEqual(await keysOf(disk, 'a', 2), [
        ['a/1', 'a/2/1'],
        ['a/2/2', 'a/20'],
      ])
      const { files } = await disk.list('a-b', { limit: 1 })
      assert.equal(files[0].size, 5)
      assert.closeTo(files[0].modifiedAt.getTime(), Date.now(), 10_000)
    })

    test('goes on after a cursor whose file is gone', async ({ assert }) => {
      await Promise.all(['p/1', 'p/2/x', 'p/3'].map((key) => disk.put(key, Buffer.from(key), TEXT)))
      const { nextCursor } = await disk.list('p', { limit: 2 })
      await disk.delete(['p/2/x'])
      const rest = await disk.list('p', { limit: 2, cursor: nextCursor })
      assert.deepEqual(
        rest.files.map(({ key }) => key),
        ['p/3']
      )
      assert.isNull(rest.nextCursor)
    })

    test('takes a prefix for a folder', async ({ assert }) => {
      for (const key of ['a/1/x', 'a/10/x', 'a/1x', 'a/2']) await disk.put(key, Buffer.from(key), TEXT)
      assert.deepEqual(await keysOf(disk, 'a/1'), [['a/1/x']])
      assert.deepEqual(await keysOf(disk, 'a/2'), [[]])
      assert.deepEqual(await keysOf(disk, 'missing'), [[]])
    })

    test('refuses hostile keys', async ({ assert }) => {
      await disk.put('x'.repeat(255), Buffer.from('x'), TEXT)
      for (const key of HOSTILE_KEYS) {
        const calls = [
          () => disk.put(key, Buffer.from('x'), TEXT),
          () => disk.open(key),
          () => disk.stat(key),
          () => disk.copy(key, 'a'),
          () => disk.presign(key, { ...TEXT, size: 1, expiresAt: new Date() }),
          () => disk.copy('x'.repeat(255), key),
          () => disk.delete(['a', key]),
          ...(key === '' ? [] : [() => disk.list(key, { limit: 1 })]),
        ]
        for (const call of calls) {
          const error = await call().catch((reason: unknown) => reason)
          assert.deepInclude(error, { code: 'E_INVALID_KEY', status: 400 }, JSON.stringify(key))
        }
      }
      assert.deepEqual(await keysOf(disk, ''), [['x'.repeat(255)]])
    })

    test('serves signed URLs until they expire, with ranges and HEAD', async ({ assert, cleanup }) => {
      const { storage, close } = await serving(
        (baseUrl) => new Storage({ disk, baseUrl, secret: 'a secret of the test' })
      )
      cleanup(close)
      await disk.put('media/1/640.webp', Buffer.from('0123456789'), WEBP)
      const url = storage.signedUrl('media/1/640.webp', { expiresAt: new Date(Date.now() + 60_000) })

      const whole = await fetch(url)
      assert.equal(whole.status, 200)
      assert.equal(whole.headers.get('content-type'), 'image/webp')
      assert.equal(await whole.text(), '0123456789')

      const part = await fetch(url, { headers: { Range: 'bytes=2-4' } })
      assert.equal(part.status, 206)
      assert.equal(part.headers.get('content-range'), 'bytes 2-4/10')
      assert.equal(await part.text(), '234')

      const head = await fetch(url, { method: 'HEAD' })
      assert.equal(head.status, 200)
      assert.equal(head.headers.get('content-length'), '10')
      assert.equal(head.headers.get('etag'), whole.headers.get('etag'))

      const expired = storage.signedUrl('media/1/640.webp', { expiresAt: new Date(Date.now() - 1_000) })
      assert.equal((await fetch(expired)).status, 404)
      assert.equal((await fetch(url.replace('/640.', '/320.'))).status, 404)
      assert.equal((await fetch(storage.url('media/1/missing'))).status, 404)
    })

    test('gives an address that takes one file, once, as announced', async ({ assert, cleanup }) => {
      const { storage, close } = await serving(
        (baseUrl) => new Storage({ disk, baseUrl, secret: 'a secret of the test' })
      )
      cleanup(close)
      const content = randomBytes(200_000)
      const inAMinute = () => new Date(Date.now() + 60_000)
      const presign = (key: string, expiresAt = inAMinute()) =>
        storage.presign(key, { contentType: 'image/jpeg', size: content.length, expiresAt })
      const send = async (url: string, body: Buffer, headers: Record<string, string>) =>
        (await fetch(url, { method: 'PUT', body: new Uint8Array(body), headers })).status

      const { url, headers } = await presign('uploads/1')
      for (const [body, changed] of [
        [Buffer.concat([content, content]), {}],
        [content.subarray(1), {}],
        [content, { 'Content-Type': 'image/png' }],
        [content, { 'Content-Type': 'text/html' }],
      ] as const) {
        assert.equal(await send(url, body, { ...headers, ...changed }), 403)
      }
      assert.equal(await send(url.replace('uploads/1', 'uploads/2'), content, headers), 403)
      const expired = await presign('uploads/3', new Date(Date.now() - 2_000))
      assert.equal(await send(expired.url, content, expired.headers), 403)
      assert.equal(await send(storage.signedUrl('uploads/1', { expiresAt: inAMinute() }), content, headers), 403)
      assert.deepEqual(await keysOf(disk, ''), [[]])

      assert.include([200, 204], await send(url, content, headers))
      assert.deepInclude(await disk.stat('uploads/1'), { size: content.length, contentType: 'image/jpeg' })
      assert.isTrue(content.equals(await buffer((await disk.open('uploads/1'))!.stream)))
      assert.equal(await send(url, randomBytes(content.length), headers), 412)
      assert.isTrue(content.equals(await buffer((await disk.open('uploads/1'))!.stream)))
      assert.deepEqual(await keysOf(disk, ''), [['uploads/1']])

      for (const [key, contentType] of [
        ['a.webp', 'image/jpeg'],
        ['a', 'nonsense'],
      ]) {
        const error = await storage
          .presign(key, { contentType, size: 1, expiresAt: inAMinute() })
          .catch((reason) => reason)
        assert.equal(error.code, 'E_INVALID_CONTENT_TYPE')
      }
    })
  })
}
