import { test } from '@japa/runner'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { S3Disk } from '#providers/storage/drivers/s3'

const TIMEOUT = 400

/** Where a call is to succeed first, a slow machine may take this long. */
const LONGER = 1500

/** Beyond this it was not given up. */
const NEVER = 5000
const TEXT = { contentType: 'text/plain' }

function diskOf(server: Server, timeout = TIMEOUT) {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return new S3Disk({
    endpoint,
    region: 'us-east-1',
    accessKeyId: 'id',
    secretAccessKey: 'secret',
    bucket: 'b',
    timeout,
  })
}

async function listening<Listener extends Server>(server: Listener) {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    sockets.forEach((socket) => socket.destroy())
    server.close()
  }
  return { server, sockets, close }
}

/** An S3 server that has the bucket, and answers the rest as told. */
function serverThat(answers: RequestListener) {
  return listening(
    createServer((request, response) => {
      if (request.method === 'HEAD' && /^\/b\/?$/.test(request.url!)) return response.end()
      return answers(request, response)
    })
  )
}

const calls: Record<string, (disk: S3Disk) => Promise<unknown>> = {
  put: (disk) => disk.put('a', Buffer.alloc(1_000), TEXT),
  'put of a stream': (disk) => disk.put('a', Readable.from([Buffer.alloc(1_000)]), TEXT),
  'put of a file': (disk) => disk.put('a', { path: import.meta.filename }, TEXT),
  open: (disk) => disk.open('a'),
  stat: (disk) => disk.stat('a'),
  copy: (disk) => disk.copy('a', 'b'),
  delete: (disk) => disk.delete(['a']),
  list: (disk) => disk.list('', { limit: 10 }),
  ready: (disk) => disk.ready(),
}

async function failureOf(promise: Promise<unknown>) {
  const start = performance.now()
  const error = await promise.then(
    () => ({ code: 'none' }),
    (reason) => reason
  )
  return { error, took: performance.now() - start }
}

test.group('S3Disk without a server that is well', () => {
  test('{$self} gives up a server that accepts and never answers')
    .with(Object.keys(calls))
    .run(async ({ assert, cleanup }, call) => {
      const { server, sockets, close } = await listening(createTcpServer((socket) => socket.resume()))
      cleanup(close)

      const { error, took } = await failureOf(calls[call](diskOf(server)))
      assert.deepInclude(error, { code: 'E_STORAGE_UNAVAILABLE', status: 503, retryAfter: 5 })
      assert.equal(error.message, 'The file storage is unavailable. Try again in a few seconds.')
      assert.isDefined(error.cause)
      assert.isBelow(took, NEVER)
      for (let i = 0; sockets.size > 0 && i < 100; i++) await sleep(10)
      assert.equal(sockets.size, 0, 'a connection was left open')
    })

  test('{$self} gives up a server that hangs after it was well')
    .with(Object.keys(calls).filter((call) => call !== 'ready'))
    .run(async ({ assert, cleanup }, call) => {
      const { server, close } = await serverThat(() => {})
      cleanup(close)
      const disk = diskOf(server, LONGER)
      await disk.ready()

      const { error, took } = await failureOf(calls[call](disk))
      assert.equal(error.code, 'E_STORAGE_UNAVAILABLE')
      assert.isBelow(took, NEVER)
    })

  test('{$self} says so when the server is down')
    .with(Object.keys(calls))
    .run(async ({ assert }, call) => {
      const { server, close } = await listening(createTcpServer((socket) => socket.resume()))
      const disk = diskOf(server, LONGER)
      close()

      const { error, took } = await failureOf(calls[call](disk))
      assert.equal(error.code, 'E_STORAGE_UNAVAILABLE')
      assert.equal(error.cause.code, 'ECONNREFUSED')
      assert.isBelow(took, NEVER)
    })

  test('tries a second time, and no third', async ({ assert, cleanup }) => {
    let requests = 0
    const { server, close } = await serverThat((_, response) => {
      requests++
      response.writeHead(500).end()
    })
    cleanup(close)
    const { error } = await failureOf(diskOf(server, LONGER).stat('a'))
    assert.equal(error.code, 'E_STORAGE_UNAVAILABLE')
    assert.equal(requests, 2)
  })

  test('fails the stream of a body that stalls', async ({ assert, cleanup }) => {
    const { server, sockets, close } = await serverThat((_, response) => {
      response.writeHead(200, { 'Content-Length': 1_000_000, ETag: '"x"' }).write(Buffer.alloc(1_000))
    })
    cleanup(close)
    const file = await diskOf(server, LONGER).open('a')
    assert.equal(file!.stat.size, 1_000_000)

    const { error, took } = await failureOf(buffer(file!.stream))
    assert.equal(error.code, 'E_STORAGE_UNAVAILABLE')
    assert.isBelow(took, NEVER)
    for (let i = 0; sockets.size > 1 && i < 100; i++) await sleep(10)
    assert.isAtMost(sockets.size, 1, 'only the one of the bucket may be kept')
  })

  test('fails the stream of a body that breaks off, also before it is read', async ({ assert, cleanup }) => {
    const { server, close } = await serverThat((_, response) => {
      response.writeHead(200, { 'Content-Length': 1_000_000 }).write(Buffer.alloc(1_000), () => response.destroy())
    })
    cleanup(close)
    const file = await diskOf(server, LONGER).open('a')
    await sleep(50)
    const { error } = await failureOf(buffer(file!.stream))
    assert.equal(error.code, 'E_STORAGE_UNAVAILABLE')
  })

  test('bears a reader slower than the bound', async ({ assert, cleanup }) => {
    const { server, close } = await serverThat((_, response) => {
      response.writeHead(200, { 'Content-Length': 2_000_000 }).end(Buffer.alloc(2_000_000))
    })
    cleanup(close)
    const file = await diskOf(server, LONGER).open('a')
    let bytes = 0
    for await (const chunk of file!.stream) {
      if (bytes === 0) await sleep(LONGER * 2)
      bytes += chunk.length
    }
    assert.equal(bytes, 2_000_000)
  })

  test('bears a body that takes longer than the bound and comes', async ({ assert, cleanup }) => {
    const bound = 4000
    const { server, close } = await serverThat(async (_, response) => {
      response.writeHead(200, { 'Content-Length': 8 })
      for (let i = 0; i < 8; i++) {
        response.write('x')
        await sleep(bound / 7)
      }
      response.end()
    })
    cleanup(close)
    const file = await diskOf(server, bound).open('a')
    assert.equal((await buffer(file!.stream)).toString(), 'xxxxxxxx')
  })

  test('comes back when the server does', async ({ assert, cleanup }) => {
    let isWell = false
    const { server, close } = await listening(createServer((_, response) => void (isWell && response.end())))
    cleanup(close)
    const disk = diskOf(server, LONGER)
    assert.equal((await failureOf(disk.delete(['a']))).error.code, 'E_STORAGE_UNAVAILABLE')
    isWell = true
    await disk.ready()
    assert.isNotNull(await disk.stat('a'))
  })
})
