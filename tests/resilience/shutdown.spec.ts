import { test } from '@japa/runner'
import { Account } from '#tests/server/account'
import { Installation } from '#tests/server/installation'
import { KeepAliveClient } from '#tests/server/keep_alive_client'
import { until } from '#tests/server/until'
import { endedServer, unfinishedBody, unfinishedUpload } from '#tests/suites/ended_server'

async function deployLocally() {
  const installation = await Installation.create()
  return { installation, [Symbol.asyncDispose]: () => installation[Symbol.asyncDispose]() }
}

endedServer('SQLite', deployLocally, { ends: Number(process.env.ENDS ?? 5), kills: Number(process.env.KILLS ?? 5) })

test.group('A server that is told to end', (group) => {
  let installation: Installation

  group.setup(async () => {
    installation = await Installation.create()
    return () => installation[Symbol.asyncDispose]()
  })

  /** A server with a request under way that does not end, and a connection that is idle. */
  async function busyServer() {
    const server = await installation.start()
    const account = await Account.signUp(server.url, `person${server.pid}`)
    const idle = new KeepAliveClient(new URL(server.url))
    await idle.send('GET', '/health/live')
    const upload = unfinishedUpload(server, account)
    await until(async () => (await installation.filesIn('tmp')).length > 0, 'the upload is in hand')
    return { server, account, idle, upload }
  }

  test('is not ready any more, says so on the connections that it has, and takes no more', async ({ assert }) => {
    const { server, idle, upload } = await busyServer()
    const before = await idle.send('GET', '/health/ready')
    assert.equal(before?.status, 200, before?.body)

    server.signal('SIGTERM')
    let answer = before
    await until(async () => {
      answer = await idle.send('GET', '/health/ready')
      return !answer || /^connection: close$/im.test(answer.head)
    }, 'connections are closed')
    assert.equal(answer?.status, 503, answer?.body)
    assert.match(answer!.head, /^retry-after: 1$/im)
    assert.equal(JSON.parse(answer!.body).code, 'E_NOT_READY')
    assert.isFalse(await new KeepAliveClient(new URL(server.url)).connect(), 'nobody is let in any more')

    upload.destroy()
    await until(() => !server.isRunning, 'the server has ended')
    assert.deepEqual(server.ended, { code: 0, signal: null })
  })

  test('ends within ten seconds whoever is not done', async ({ assert }) => {
    const { server, account } = await busyServer()
    const silent = new KeepAliveClient(new URL(server.url))
    await silent.connect()
    // The upload is given up in time by itself; this body is waited for longer than the server has.
    unfinishedBody(server, account)
    const began = performance.now()
    await server.kill('SIGTERM')
    const took = performance.now() - began
    assert.isBelow(took, 10_000)
    assert.match(server.output(), /connections were cut off/)
  })

  test('ends at once when it is told again', async ({ assert }) => {
    const { server } = await busyServer()
    server.signal('SIGTERM')
    await until(() => {
      server.signal('SIGTERM')
      return !server.isRunning
    }, 'the server has ended')
    assert.deepEqual(server.ended, { code: 143, signal: null })
  })
})
