import { request } from 'node:http'
import { test } from '@japa/runner'
import sharp from 'sharp'
import mediaConfig from '#config/media'
import { settings } from '#tests/deploy/files'
import { FROM, NGINX, Nginx } from '#tests/deploy/nginx'
import { freePort } from '#tests/free_port'
import { photograph } from '#tests/helpers'
import { Account } from '#tests/server/account'
import { send } from '#tests/server/http'
import { deployOnS3, type S3Deployment } from '#tests/server/s3_deployment'
import { ServerProcess } from '#tests/server/server_process'
import { until } from '#tests/server/until'

const LOGINS = 5

/** Noise, which nothing makes smaller: a little less than the server takes. */
async function largePhotograph() {
  const side = 2570
  const pixels = Buffer.from(Uint8Array.from({ length: side * side * 3 }, () => Math.random() * 256))
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer()
}

test.group('Two processes with the settings of compose.yaml behind nginx', (group) => {
  let deployment: S3Deployment
  let nginx: Nginx
  let servers: ServerProcess[]
  let account: Account

  group.setup(async () => {
    if (!NGINX) return () => {}
    nginx = await Nginx.create()
    const [app1, app2] = [await freePort(), await freePort()]
    const { PG_HOST, PG_PORT, PG_USER, PG_PASSWORD, ...deployed } = settings({
      APP_KEY: 'a-key-for-the-tests-of-32-letters',
      APP_URL: nginx.url,
      LOGIN_LIMIT: String(LOGINS),
    })
    const here = { HOST: '127.0.0.1', TRUSTED_PROXIES: FROM, LOG_LEVEL: 'warn' }
    deployment = await deployOnS3({ ...deployed, ...here })
    servers = [app1, app2].map((port) => new ServerProcess({ ...deployment.installation.env, PORT: String(port) }))
    await Promise.all(servers.map((server) => server.answers()))
    await nginx.start({ app1, app2, s3: deployment.s3.port }, deployment.installation.env.S3_BUCKET)
    account = await Account.signUp(nginx.url, 'ada')
    return async () => {
      await nginx[Symbol.asyncDispose]()
      for (const server of servers) await server.kill('SIGKILL')
      await deployment[Symbol.asyncDispose]()
    }
  })
  group.each.skip(!NGINX, 'nginx is not installed: name it by NGINX, or put it on the PATH')

  test('publish a photograph whose files come through nginx too, and both answer', async ({ assert }) => {
    const { json } = await account.upload(await photograph())
    const published = await account.publish([json.data.id])
    assert.equal(published.status, 201)
    for (const { url } of published.json.data.media[0].variants) {
      assert.isTrue(url.startsWith(`${nginx.url}/files/`), url)
      const file = await send(url)
      assert.equal(file.status, 200)
      assert.equal(file.headers['content-length'], String(file.body.length))
    }
    assert.sameMembers(
      [...new Set(await nginx.answeredBy())],
      servers.map(({ url }) => new URL(url).host)
    )
  })

  test('take a photograph past them, straight to S3', async ({ assert }) => {
    const data = await photograph()
    const announced = await account.request('POST', '/v1/uploads', { contentType: 'image/jpeg', size: data.length })
    const { id, url, headers } = announced.json.data
    assert.isTrue(url.startsWith(`${nginx.url}/`), url)
    assert.equal((await send(url)).status, 403, 'nobody reads there')
    assert.equal(
      (await fetch(url.replace(/Signature=\w/, 'Signature=x'), { method: 'PUT', headers, body: data })).status,
      403
    )
    assert.equal((await fetch(url, { method: 'PUT', headers, body: data })).status, 200)
    const completed = await account.request('PUT', `/v1/uploads/${id}`, {})
    assert.equal(completed.status, 201, completed.body.toString())
  })

  test('take photographs up to the limit of the server, and say what is too large', async ({ assert }) => {
    const data = await largePhotograph()
    assert.isAbove(data.length, mediaConfig.maxBytes * 0.98)
    const { status, body } = await account.upload(data, 'noise.png')
    assert.equal(status, 201, body.toString())

    const more = await account.upload(Buffer.alloc(mediaConfig.maxBytes + 1, 'x'))
    assert.deepInclude(more.json, { status: 413, code: 'E_UPLOAD_TOO_LARGE' })
    assert.equal(more.headers['content-type'], 'application/problem+json; charset=utf-8', 'the server says it')
    const muchMore = await account.upload(Buffer.alloc(mediaConfig.maxBytes * 1.2, 'x'))
    assert.deepInclude(muchMore.json, { status: 413, code: 'E_BODY_TOO_LARGE' })
    assert.equal(muchMore.headers['content-type'], 'application/problem+json', 'nginx says it')
  })

  test('count log-ins by the address of the client, whatever it says of itself', async ({ assert }) => {
    let tries = 0
    const logIn = async (localAddress: string, url = nginx.url) => {
      const body = Buffer.from(JSON.stringify({ login: `nobody${tries++}`, password: 'wrong' }))
      const headers = {
        'content-type': 'application/json',
        'content-length': String(body.length),
        'x-forwarded-for': `203.0.113.${tries}`,
      }
      return (await send(request(`${url}/v1/session`, { method: 'POST', headers, localAddress, agent: false }), body))
        .status
    }
    const statuses: number[] = []
    while (statuses.at(-1) !== 429 && tries <= LOGINS * servers.length) statuses.push(await logIn('127.0.0.2'))
    assert.equal(statuses.at(-1), 429, 'another address each time does not help')
    assert.isAbove(statuses.length, LOGINS)
    assert.equal(await logIn('127.0.0.3'), 401, 'others are not held up')

    const direct: number[] = []
    for (let times = 0; times <= LOGINS; times++) direct.push(await logIn('127.0.0.6', servers[0].url))
    assert.equal(direct.at(-1), 429, 'who is not the proxy is not believed')
  })

  test('answer everyone, whatever somebody asked a list for', async ({ assert }) => {
    await Account.signUp(nginx.url, 'bert')
    const long = '('.repeat(7000)
    for (let times = 0; times < 4; times++) {
      const { status, headers } = await send(`${nginx.url}/v1/users?limit=1&other=${long}`)
      assert.equal(status, 200)
      assert.isBelow(String(headers.link).length, 200)
    }
    assert.equal((await send(`${nginx.url}/health/live`)).status, 200)
  })

  test('name each request, in the answer and in the log', async ({ assert }) => {
    const named = (id: string) => send(`${nginx.url}/health/live`, undefined, { headers: { 'x-request-id': id } })
    assert.equal((await named('a-visit.1')).headers['x-request-id'], 'a-visit.1')
    assert.match((await named('two words')).headers['x-request-id'] as string, /^[0-9a-f]{32}$/)
    assert.match((await send(nginx.url)).headers['x-request-id'] as string, /^[0-9a-f]{32}$/)

    const { json } = await account.upload(await photograph())
    deployment.s3.stop()
    const { url } = json.data.variants[0]
    for (const id of ['a-visit.2', 'two words']) {
      const { status, headers } = await send(url, undefined, { headers: { 'x-request-id': id } })
      assert.equal(status, 503)
      const entry = `"request_id":"${headers['x-request-id']}"`
      await until(() => servers.some((server) => server.output().includes(entry)), `a process has logged ${entry}`)
    }
  })

  test('answer while one of them is gone, and name the problem when both are', async ({ assert }) => {
    await servers[0].kill('SIGKILL')
    for (let times = 0; times < 4; times++) assert.equal((await send(`${nginx.url}/v1/users/ada`)).status, 200)

    await servers[1].kill('SIGTERM')
    const { status, headers, json } = await send(`${nginx.url}/v1/users/ada`)
    assert.equal(status, 503)
    assert.deepInclude(headers, { 'content-type': 'application/problem+json', 'retry-after': '5' })
    assert.match(headers['x-request-id'] as string, /^[0-9a-f]{32}$/)
    assert.deepInclude(json, { type: 'about:blank', status: 503, code: 'E_UNAVAILABLE' })
  })
})
