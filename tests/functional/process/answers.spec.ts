import app from '@adonisjs/core/services/app'
import { test } from '@japa/runner'
import { Albums } from '#models/album'
import { cleanUp, fetchFile, newcomer, publish } from '#tests/helpers'

const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

test.group('Every answer', (group) => {
  group.each.setup(cleanUp)

  for (const [what, path, status] of [
    ['an answer', '/health/live', 200],
    ['a refusal', '/v1/sessions', 401],
    ['no such address', '/nowhere', 404],
    ['an address that cannot be read', '/%C0%80', 400],
  ] as const) {
    test(`has an id and says what browsers may do with it: ${what}`, async ({ client, assert }) => {
      const response = await client.get(path)
      response.assertStatus(status)
      assert.match(response.header('x-request-id')!, ID)
      assert.containsSubset(response.headers(), HEADERS)
      // Browsers would refuse HTTP, where there is nothing else.
      assert.isUndefined(response.header('strict-transport-security'))
    })
  }

  test('lets the page show its pictures, and other pages too', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const post = await publish(client, ada)
    for (const path of ['/', '/docs']) {
      const page = await client.get(path)
      assert.match(page.header('content-security-policy')!, /img-src \*.*frame-ancestors 'none'/, path)
    }
    const file = await fetchFile(client, post.media[0].variants[0].url)
    file.assertStatus(200)
    assert.equal(file.header('cross-origin-resource-policy'), 'cross-origin')
    assert.equal(file.header('content-security-policy'), HEADERS['content-security-policy'])
    assert.match(file.header('x-request-id')!, ID)
  })
})

test.group("A request's id", () => {
  for (const id of ['a', 'Trace.2024_01-x', 'x'.repeat(128)]) {
    test(`is the sender's: ${id.slice(0, 20)}`, async ({ client, assert }) => {
      for (const path of ['/health/live', '/nowhere']) {
        assert.equal((await client.get(path).header('X-Request-Id', id)).header('x-request-id'), id)
      }
    })
  }

  for (const id of ['', 'a b', 'a"b', 'ä', '{}', 'x'.repeat(129), '\u001b[31m'.slice(1)]) {
    test(`is a new one for ${JSON.stringify(id.slice(0, 20))}`, async ({ client, assert }) => {
      const response = await client.get('/health/live').header('X-Request-Id', Buffer.from(id).toString('latin1'))
      assert.match(response.header('x-request-id')!, ID)
    })
  }

  test('is in the problem and in the log of a fault, and the fault is not', async ({ client, assert, cleanup }) => {
    const { find } = Albums
    cleanup(() => void (Albums.find = find))
    Albums.find = async () => {
      throw new TypeError('the inside of it')
    }
    const lines: any[] = []
    const logger = await app.container.make('logger')
    const { child } = logger
    cleanup(() => void (logger.child = child))
    logger.child = ((bindings: object) => {
      const request = child.call(logger, bindings)
      const error: any = (details: object) => lines.push({ ...bindings, ...details })
      return Object.assign(request, { error })
    }) as typeof child

    const response = await client
      .get('/v1/posts/01890a5d-ac96-774b-bcce-b302099a8057')
      .header('X-Request-Id', 'the-one')
    response.assertStatus(500)
    assert.equal(response.header('x-request-id'), 'the-one')
    assert.containsSubset(response.body(), { code: 'E_INTERNAL', requestId: 'the-one' })
    assert.notInclude(response.text(), 'inside')
    assert.lengthOf(lines, 1)
    assert.equal(lines[0].request_id, 'the-one')
    assert.equal(lines[0].err.message, 'the inside of it')
    assert.notProperty((await client.get('/nowhere')).body(), 'requestId')
  })
})

test.group('GET /health/ready', () => {
  test('tells of each server that is needed', async ({ client, assert }) => {
    const response = await client.get('/health/ready')
    response.assertStatus(200)
    assert.equal(response.header('cache-control'), 'no-store')
    const { status, checks } = response.body()
    assert.equal(status, 'ok')
    assert.sameMembers(Object.keys(checks), ['database', 'storage'])
    for (const check of Object.values<any>(checks)) {
      assert.isTrue(check.ok)
      assert.isNumber(check.latency)
    }
  })
})
