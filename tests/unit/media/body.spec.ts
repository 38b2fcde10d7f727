import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from '@japa/runner'
import { defineConfig, Media } from '#providers/media/index'

async function mediaWith(options: Parameters<typeof defineConfig>[0]) {
  const spoolDirectory = await mkdtemp(join(tmpdir(), 'media-body-'))
  const media = new Media(defineConfig({ spoolDirectory, ...options }))
  return { media, spoolDirectory, remove: () => rm(spoolDirectory, { recursive: true }) }
}

/** What becomes of a body that is read by `media.body`: its bytes, or the code of the error. */
async function received(media: Media, size: number, write: (outgoing: ReturnType<typeof request>) => void) {
  const { promise, resolve } = Promise.withResolvers<Buffer | string>()
  const server = createServer((incoming, response) => {
    buffer(media.body(incoming, size))
      .then(resolve, ({ code }) => resolve(code))
      .finally(() => response.end())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const outgoing = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', method: 'PUT' })
  // It may break off, which is what is looked at.
  outgoing.on('error', () => outgoing.destroy())
  write(outgoing)
  const result = await promise
  outgoing.destroy()
  server.closeAllConnections()
  server.close()
  return result
}

test.group('Media: a body that is the file', () => {
  test('comes whole, or fails with what is wrong', async ({ assert, cleanup }) => {
    const { media, remove } = await mediaWith({ pace: { minBytes: 1000, milliseconds: 50 } })
    cleanup(remove)
    const file = Buffer.alloc(100_000, 7)
    const whole = await received(media, file.length, (outgoing) => outgoing.end(file))
    assert.isTrue(file.equals(whole as Buffer))

    assert.equal(await received(media, file.length - 1, (outgoing) => outgoing.end(file)), 'E_UPLOAD_TOO_LARGE')
    assert.equal(await received(media, file.length, (outgoing) => outgoing.write(file)), 'E_UPLOAD_STALLED')
    const breakOff = (outgoing: ReturnType<typeof request>) => outgoing.write(file, () => outgoing.destroy())
    const { media: patient, remove: removeToo } = await mediaWith({})
    cleanup(removeToo)
    assert.equal(await received(patient, file.length, breakOff), 'E_UPLOAD_ABORTED')
  })

  test('a stored file is spooled while it is used, and no larger than is taken', async ({ assert, cleanup }) => {
    const { media, spoolDirectory, remove } = await mediaWith({ maxBytes: 1000 })
    cleanup(remove)
    const size = await media.spool(
      Readable.from([Buffer.alloc(600), Buffer.alloc(400)]),
      async (path) => (await stat(path)).size
    )
    assert.equal(size, 1000)
    const tooLarge = media.spool(Readable.from([Buffer.alloc(600), Buffer.alloc(401)]), async () => 'used')
    await assert.rejects(() => tooLarge, /too large/)
    const broken = new Readable({ read: () => broken.destroy(new RangeError('the disk broke off')) })
    await assert.rejects(() => media.spool(broken, async () => 'used'), 'the disk broke off')
    assert.deepEqual(await readdir(spoolDirectory), [])
  })
})
