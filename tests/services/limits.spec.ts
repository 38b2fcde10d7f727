import { test } from '@japa/runner'
import { freePort } from '#tests/free_port'
import { send } from '#tests/server/http'
import { Installation } from '#tests/server/installation'
import { Proxy } from '#tests/server/proxy'
import { ServerProcess } from '#tests/server/server_process'
import { until } from '#tests/server/until'
import { limitsSuite } from '#tests/suites/limits'

function redis(settings: Record<string, string> = {}) {
  const { REDIS_HOST = '', REDIS_PORT = '6379', REDIS_PASSWORD = '' } = process.env
  return { LIMITER_STORE: 'redis', REDIS_HOST, REDIS_PORT, REDIS_PASSWORD, ...settings }
}

limitsSuite('Redis', redis)

test.group('Limits in Redis', () => {
  const readingAs = (address: string) => async (server: ServerProcess) => {
    const { status, headers } = await send(`${server.url}/v1/users`, undefined, {
      headers: { 'x-forwarded-for': address },
    })
    return { status, remaining: Number(headers['ratelimit-remaining']) }
  }
  const anyone = () => `2001:db8:${Date.now().toString(16).slice(-4)}:${process.pid.toString(16).slice(-4)}::1`

  test('several processes count together', async ({ assert, cleanup }) => {
    await using installation = await Installation.create(redis({ TRUSTED_PROXIES: '127.0.0.1' }))
    const first = await installation.start()
    const second = new ServerProcess({ ...installation.env, PORT: String(await freePort()) })
    cleanup(() => second.kill('SIGKILL'))
    await second.answers()

    const read = readingAs(anyone())
    const { remaining } = await read(first)
    assert.equal((await read(second)).remaining, remaining - 1)
    assert.equal((await read(first)).remaining, remaining - 2)
  })

  for (const [how, take, give] of [
    ['is gone', (proxy: Proxy) => proxy.stop(), (proxy: Proxy, port: number) => proxy.listen(port)],
    ['is silent', (proxy: Proxy) => proxy.fallSilent(), (proxy: Proxy) => proxy.speakAgain()],
  ] as const) {
    test(`a server whose Redis ${how} goes on counting, says so once, and goes back to it`, async ({
      assert,
      cleanup,
    }) => {
      const { REDIS_HOST, REDIS_PORT } = redis()
      const proxy = new Proxy({ hostname: REDIS_HOST, port: REDIS_PORT })
      await proxy.listen()
      const { port } = proxy
      cleanup(() => proxy.stop())
      const settings = { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(port), LOG_LEVEL: 'info' }
      await using installation = await Installation.create(redis({ ...settings, TRUSTED_PROXIES: '127.0.0.1' }))
      const server = await installation.start()
      // Its minute begins here: one that others began may end on the way.
      const read = readingAs(anyone())
      for (let n = 0; n < 100; n++) await read(server)
      const { remaining } = await read(server)

      take(proxy)
      const first = await read(server)
      assert.equal(first.status, 200)
      assert.isAbove(first.remaining, remaining, 'it counts anew, for itself')
      assert.deepEqual(await read(server), { status: 200, remaining: first.remaining - 1 })

      await give(proxy, port)
      const told = (text: string) => server.output().split(text).length - 1
      const isBack = async () => (await read(server)).status === 200 && told('answers again') === 1
      await until(isBack, 'it goes back, and says so')
      assert.isBelow((await read(server)).remaining, remaining, 'Redis counts on')
      assert.equal(told('does not answer'), 1)
      assert.notInclude(server.output(), 'Redis connection failure')
    })
  }
})
