import { test } from '@japa/runner'
import { send } from '#tests/server/http'
import { Installation } from '#tests/server/installation'
import type { ServerProcess } from '#tests/server/server_process'

const ours = 'https://app.example.org'
const preflight = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' }

test.group('Pages of other origins', (group) => {
  let installation: Installation
  let server: ServerProcess

  group.setup(async () => {
    installation = await Installation.create({
      CORS_ORIGINS: `${ours}, http://localhost:5173`,
      APP_URL: 'https://photos.example.org',
    })
    server = await installation.start()
    return () => installation[Symbol.asyncDispose]()
  })

  test('may read answers and what is said in headers where they are named', async ({ assert }) => {
    const { headers } = await send(`${server.url}/v1/users`, undefined, { headers: { origin: ours } })
    assert.equal(headers['access-control-allow-origin'], ours)
    assert.isUndefined(headers['access-control-allow-credentials'])
    assert.equal(headers.vary, 'Origin, Authorization')
    const exposed = headers['access-control-expose-headers']!.split(',')
    for (const name of ['link', 'location', 'etag', 'retry-after', 'idempotency-key', 'x-request-id'])
      assert.include(exposed, name)
  })

  test('may send tokens where they are named', async ({ assert }) => {
    const options = { method: 'OPTIONS', headers: { origin: ours, ...preflight } }
    const { status, headers } = await send(`${server.url}/v1/posts/1/like`, undefined, options)
    assert.equal(status, 204)
    assert.include(headers['access-control-allow-methods'], 'PUT')
    assert.include(headers['access-control-allow-headers'], 'authorization')
  })

  test('may not where they are not', async ({ assert }) => {
    for (const origin of ['https://example.org', 'null', `${ours}.evil.example`, 'http://app.example.org']) {
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await send(`${server.url}/v1/users`, undefined, {
          method,
          headers: { origin, ...preflight },
        })
        assert.isUndefined(headers['access-control-allow-origin'], origin)
        // A cache must not hand it to one who may.
        assert.match(headers.vary!, /^Origin\b/)
      }
    }
  })

  test('are told to come by HTTPS only, where the server is reached so', async ({ assert }) => {
    const { headers } = await send(`${server.url}/health/live`)
    assert.equal(headers['strict-transport-security'], 'max-age=31536000')
  })
})

test('no page of another origin may read anything by default', async ({ client, assert }) => {
  const response = await client.get('/v1/users').header('Origin', ours)
  response.assertStatus(200)
  assert.isUndefined(response.header('access-control-allow-origin'))
  assert.equal(response.header('vary'), 'Authorization')
})
