import { test } from '@japa/runner'
import { request } from 'node:http'
import { Account } from '#tests/server/account'
import { send } from '#tests/server/http'
import { Installation } from '#tests/server/installation'
import { assertProblem } from '#tests/server/problem'
import { head, talk } from '#tests/server/raw'
import type { ServerProcess } from '#tests/server/server_process'
import { until } from '#tests/server/until'

const ORIGIN = 'https://app.example.org'
const JSON_TYPE = { 'content-type': 'application/json' }

test.group('A server with as many requests as it bears', (group) => {
  let installation: Installation
  let server: ServerProcess
  let account: Account

  group.setup(async () => {
    installation = await Installation.create({ REQUESTS_AT_ONCE: '2', CORS_ORIGINS: ORIGIN })
    server = await installation.start()
    account = await Account.signUp(server.url, 'ada')
    return () => installation[Symbol.asyncDispose]()
  })

  /** Sends the beginning of a request; the function that it returns sends the rest, and resolves with the answer. */
  function begin() {
    const body = Buffer.from(JSON.stringify({ name: 'Ada' }))
    const outgoing = request(`${server.url}/v1/users/ada/profile`, {
      method: 'PATCH',
      headers: { ...account.headers, ...JSON_TYPE, 'content-length': String(body.length) },
      agent: false,
    })
    outgoing.write(body.subarray(0, 5))
    return () => send(outgoing, body.subarray(5))
  }

  test('turns the next ones away at once, answers health and files, and has room again', async ({ assert }) => {
    const finish = [begin(), begin()]
    await until(async () => (await account.request('GET', '/v1/users')).status === 503, 'the server is full')

    // Nothing of its body is sent: the answer does not wait for it.
    const length = { ...JSON_TYPE, 'content-length': '200' }
    const announced = head('POST', '/v1/posts', { ...account.headers, ...length, origin: ORIGIN })
    const { status, ...talked } = await talk(server.url, [announced])
    assert.equal(status, 503)
    assert.equal(talked.json.code, 'E_BUSY')
    assert.equal(talked.headers['retry-after'], '1')
    assert.equal(talked.headers['access-control-allow-origin'], ORIGIN, 'a page may read it')
    assertProblem(assert, { status, ...talked } as Parameters<typeof assertProblem>[1])

    assert.equal((await account.request('GET', '/health/live')).status, 200)
    assert.equal((await account.request('GET', '/files/nothing')).status, 404)

    for (const { status } of await Promise.all(finish.map((each) => each()))) assert.equal(status, 200)
    assert.equal((await account.request('GET', '/v1/users')).status, 200)
  })

  test('has room again when the requests in work broke off', async ({ assert }) => {
    for (let n = 0; n < 3; n++) {
      const outgoing = [1, 2].map(() => {
        const each = request(`${server.url}/v1/users/ada/profile`, {
          method: 'PATCH',
          headers: { ...account.headers, ...JSON_TYPE, 'content-length': '100' },
          agent: false,
        })
        // It is broken off below.
        each.on('error', () => each.destroy())
        each.write('{')
        return each
      })
      await until(async () => (await account.request('GET', '/v1/users')).status === 503, 'the server is full')
      for (const each of outgoing) each.destroy()
      await until(async () => (await account.request('GET', '/v1/users')).status === 200, 'there is room')
    }
    assert.isTrue(server.isRunning)
  })
})
