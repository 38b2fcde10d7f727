import app from '@adonisjs/core/services/app'
import testUtils from '@adonisjs/core/services/test_utils'
import { test } from '@japa/runner'
import HttpExceptionHandler from '#exceptions/handler'
import { Albums } from '#models/album'
import { cleanUp, newcomer } from '#tests/helpers'

test.group('Problems', (group) => {
  group.each.setup(cleanUp)

  test('tells of a fault of ours only under which id its cause is in the log', async ({ client, assert, cleanup }) => {
    const { newest } = Albums
    cleanup(() => void (Albums.newest = newest))
    Albums.newest = async () => {
      throw new TypeError('Cannot read the secret of undefined', { cause: new RangeError('select * from users') })
    }
    const response = await client.get('/')
    response.assertStatus(500)
    const { requestId, ...problem } = response.body()
    assert.match(requestId, /^[\da-f-]{36}$/)
    assert.deepEqual(problem, {
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      code: 'E_INTERNAL',
      detail: 'The server failed here. It is logged, and trying again later may help.',
    })
  })

  test('logs the cause under the same id', async ({ assert }) => {
    const context = await testUtils.createHttpContext()
    const logged: any[] = []
    const error = new TypeError('the words of a library', { cause: new RangeError('and of another') })
    ;(context as any).logger = { error: (details: object, message: string) => logged.push({ ...details, message }) }
    const handler = await app.container.make(HttpExceptionHandler)
    await handler.report(error, context)
    await handler.handle(error, context)

    const { requestId } = JSON.parse(String(context.response.getBody()))
    assert.equal(logged[0].requestId, requestId)
    assert.equal(logged[0].err.cause.message, 'and of another')
  })

  test('says of no refusal where it is in the log', async ({ client, assert }) => {
    assert.notProperty((await client.get('/v1/users/nobody')).body(), 'requestId')
  })

  test('refuses a body of a type that nobody reads', async ({ client, assert }) => {
    const { headers } = await newcomer(client, 'ada')
    for (const [method, path] of [
      ['patch', '/v1/users/ada/profile'],
      ['post', '/v1/posts'],
      ['delete', '/v1/session'],
    ] as const) {
      const response = await client[method](path).headers(headers).form({ name: 'x' })
      response.assertStatus(415)
      assert.equal(response.body().code, 'E_UNSUPPORTED_BODY')
    }
    ;(await client.get('/v1/sessions').headers(headers)).assertStatus(200)
  })

  test('keeps NUL away from the database', async ({ client, assert }) => {
    const { headers } = await newcomer(client, 'ada')
    ;(await client.get('/v1/users/a%00b')).assertStatus(404)
    ;(await client.get('/files/a%00b')).assertStatus(404)
    ;(await client.get('/v1/users?cursor=a%00b')).assertStatus(422)
    const response = await client
      .post('/v1/media')
      .headers(headers)
      .field('altText', 'a\0b')
      .file('file', Buffer.from('no picture'), { filename: 'x.jpg' })
    response.assertStatus(422)
    assert.equal(response.body().errors[0].field, 'altText')
  })
})
