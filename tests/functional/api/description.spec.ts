import app from '@adonisjs/core/services/app'
import router from '@adonisjs/core/services/router'
import { test } from '@japa/runner'
import { documentOf, E_UNDESCRIBED } from '#providers/openapi/index'
import openApiConfig from '#config/openapi'
import { Conformance } from '#tests/api/conformance'
import { assertGuarded, E_UNGUARDED_ROUTE } from '#providers/sessions/index'

/** Its answer is that of `mediaStore`. */
const WITHOUT_EXAMPLE = new Set(['uploadsUpdate'])

const METHODS = new Set(['get', 'put', 'post', 'patch', 'delete'])
const description = async (): Promise<any> => (await app.container.make('openApi')).document()
const routes = () => router.toJSON().root

test.group('The description of the API', () => {
  test('has an operation for each route, and none that is no route', async ({ assert }) => {
    const { paths } = await description()
    const described = Object.entries<object>(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`)
    )
    const routed = routes().flatMap(({ pattern, methods }) => {
      const path = pattern.replace(/:(\w+)/g, '{$1}').replace('*', '{path}')
      return methods.filter((method) => method !== 'HEAD').map((method) => `${method.toLowerCase()} ${path}`)
    })
    assert.sameMembers(described, routed)
    assert.isTrue(described.every((each) => METHODS.has(each.split(' ')[0])))
  })

  test('is refused for a route that says nothing of itself, by name', async ({ assert }) => {
    class Silent {
      index() {}
    }
    const silent: any = { ...routes()[0], pattern: '/v1/silent', handler: { reference: [Silent, 'index'] } }
    const error: any = await documentOf([silent], openApiConfig).catch((thrown) => thrown)
    assert.instanceOf(error, E_UNDESCRIBED)
    assert.match(error.message, /GET \/v1\/silent/)
  })

  test('names a scope for each operation that takes a token, and its problems', async ({ assert }) => {
    const { paths } = await description()
    const operations = Object.entries<any>(paths).flatMap(([path, all]) =>
      Object.entries<any>(all).map(([method, operation]) => ({ path, method, ...operation }))
    )
    for (const { path, method, security, description: told, responses, operationId } of operations) {
      const isForTokens = security.some((each: object) => 'token' in each)
      assert.equal(isForTokens, /Scope: `(read|write|admin)`/.test(told ?? ''), `${method} ${path}`)
      if (isForTokens) assert.includeMembers(Object.keys(responses), ['401', '403'])
      assert.match(operationId, /^[a-z][A-Za-z]+$/)
    }
    assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length)
  })

  test('has an example that fits for each operation with a body or an answer', async ({ assert }) => {
    const document = await description()
    const conformance = new Conformance(document)
    const examples = await openApiConfig.loadExamples()
    for (const [path, operations] of Object.entries<any>(document.paths)) {
      for (const [method, { operationId, requestBody, responses }] of Object.entries<any>(operations)) {
        const [status, success] = Object.entries<any>(responses).find(([each]) => each < '300')!
        const media = success.content?.['application/json']
        if (!media?.schema || WITHOUT_EXAMPLE.has(operationId)) continue
        const { body, answer } = examples[operationId] ?? {}
        assert.deepEqual(media.example, answer, operationId)
        assert.exists(answer, operationId)
        if (requestBody) assert.exists(body, operationId)
        const type = 'application/json'
        const problems = conformance.problems({
          ...{ method, path, status: Number(status), type, answer },
          body: requestBody?.content[type] && body,
        })
        assert.deepEqual(problems, [])
      }
    }
  })

  test('is served, with its page, from this host alone', async ({ client, assert }) => {
    const served = await client.get('/openapi.json')
    served.assertStatus(200)
    assert.equal(served.body().openapi, '3.1.0')
    const page = await client.get('/docs')
    page.assertStatus(200)
    const addresses = [...page.text().matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address)
    assert.isNotEmpty(addresses)
    for (const address of addresses) {
      assert.match(address, /^\/docs\//)
      ;(await client.get(address)).assertStatus(200)
    }
    ;(await client.get('/docs/package.json')).assertStatus(404)
  })
})

test.group('Who may use a route', () => {
  test('is said by each route, or the server does not start', async ({ assert }) => {
    assertGuarded(routes(), ['anyone', 'viewer', 'auth'])
    assert.throws(() => assertGuarded(routes(), ['viewer', 'auth']), E_UNGUARDED_ROUTE as any)
    assert.throws(() => assertGuarded(routes(), ['viewer', 'auth']), /POST \/v1\/session/)
  })
})
