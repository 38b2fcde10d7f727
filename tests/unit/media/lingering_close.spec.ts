import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { test } from '@japa/runner'
import { lingeringClose } from '#providers/media/index'
import { until } from '#tests/server/until'

const LENGTH = 20_000_000

/** How much of a body of 20 MB is read by a server that refuses it, and what the client saw. */
async function refused(refuse: (request: IncomingMessage, response: ServerResponse) => Promise<void>) {
  const server = createServer((request, response) => void refuse(request, response))
  const accepted = once(server, 'connection')
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect({ port: (server.address() as AddressInfo).port, allowHalfOpen: true })
  let answer = ''
  client.setEncoding('latin1').on('data', (data) => (answer += data))
  // How it ends does not matter: what came before does.
  client.on('error', () => client.destroy())
  const ended = new Promise((resolve) => client.once('close', resolve))
  client.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${LENGTH}\r\n\r\n`)
  client.end(Buffer.alloc(LENGTH))
  const [socket] = await accepted
  await ended
  server.close()
  return { answer, read: socket.bytesRead }
}

/** What a server has done with the body before it refuses it. */
const states: Record<string, (request: IncomingMessage) => Promise<unknown>> = {
  'of which nothing was read': async () => {},
  'that waits in a full buffer': (request) =>
    until(async () => request.readableLength >= request.readableHighWaterMark, 'the buffer is full'),
  'of which a quarter was read': async (request) => {
    request.resume()
    while (request.socket.bytesRead < LENGTH / 4) await once(request, 'data')
    request.pause()
  },
}

test.group('Media: an answer before the end of the body', () => {
  for (const [state, reach] of Object.entries(states)) {
    test(`is seen, and at most 1 MB more is read of a body ${state}`, async ({ assert }) => {
      let before = 0
      const { answer, read } = await refused(async (request, response) => {
        await reach(request)
        before = request.socket.bytesRead
        lingeringClose(request, response)
        response.writeHead(413, { 'Content-Length': 2 }).end('no')
      })
      assert.match(answer, /^HTTP\/1.1 413 .*\r\n\r\nno$/s)
      assert.isBelow(read - before, 1_000_000)
    })
  }
})
