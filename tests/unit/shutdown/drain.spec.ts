import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { test } from '@japa/runner'
import { Drain } from '#providers/shutdown/index'

/** Nothing of the process goes on. */
function standStill(milliseconds: number) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

test.group('Drain', () => {
  test('answers what came within the grace, also when the process stood still meanwhile', async ({ assert }) => {
    const server = createServer((_, response) => response.end('answered')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const drain = new Drain(server, { graceMs: 500 })
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    await once(server, 'connection')

    const drained = drain.run()
    while (server.listening) await nextTurn()
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    standStill(600)
    assert.match(await text(socket), /^HTTP\/1.1 200 OK.*answered/s)
    assert.equal(await drained, 0)
  })
})
