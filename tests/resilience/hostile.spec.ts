import { existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import app from '@adonisjs/core/services/app'
import { test } from '@japa/runner'
import { photograph } from '#tests/helpers'
import { Account } from '#tests/server/account'
import { form } from '#tests/server/http'
import { Installation } from '#tests/server/installation'
import { assertProblem } from '#tests/server/problem'
import { head, talk, type Talk } from '#tests/server/raw'
import type { ServerProcess } from '#tests/server/server_process'
import { until } from '#tests/server/until'

const KB = 1000
const MEASURABLE = existsSync('/proc/self/status')

interface Route {
  method: string
  path: string
  takesForms: boolean
}

/** A request to a route, as its pieces; `isWhole` where all that it announces is sent. */
interface Attack {
  what: string
  headers: Record<string, string>
  pieces: Iterable<Buffer | string>
  isWhole: boolean
  cut?: boolean
  pause?: number
  query?: string
}

const FORM = 'multipart/form-data; boundary=x'
const JSON_TYPE = { 'Content-Type': 'application/json' }

/** A whole body, of JSON unless said otherwise. */
function whole(what: string, content: Buffer | string, headers: Record<string, string> = JSON_TYPE): Attack {
  const body = Buffer.from(content as string)
  return { what, headers: { ...headers, 'Content-Length': String(body.length) }, pieces: [body], isWhole: true }
}

/** Each has a field that no route knows, so that none of them can be right. */
function jsonBodies(): Attack[] {
  const unknown = (value: string) => `{"nobodysField": ${value}}`
  const nested = (open: string, close: string, levels: number) =>
    unknown(open.repeat(levels) + '1' + close.repeat(levels))
  return [
    whole(
      'names of the prototype',
      '{"__proto__":{"a":1},"constructor":{"prototype":{"a":1}},"toString":1,"nobodysField":1}'
    ),
    whole('10,000 arrays within one another', nested('[', ']', 10_000)),
    whole('10,000 objects within one another', nested('{"a":', '}', 10_000)),
    whole('10,000 brackets', '['.repeat(10_000)),
    whole('10,000 fields', JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`f${n}`, n])))),
    whole('an array of 100,000', unknown(`[${'1,'.repeat(99_999)}1]`)),
    whole('a text of 200 KB', unknown(JSON.stringify('x'.repeat(200 * KB)))),
    whole('a name of 200 KB', JSON.stringify({ ['x'.repeat(200 * KB)]: 1 })),
    whole('300 KB', unknown(JSON.stringify('x'.repeat(300 * KB)))),
    whole('a tower of accents', unknown(JSON.stringify('a' + '\u0301'.repeat(50 * KB)))),
    whole('NUL', unknown('"a\\u0000"')),
    whole('half a surrogate pair', unknown('"\\ud83d"')),
    whole('bytes that are no UTF-8', Buffer.from('7b226e6f626f647973ff4669656c64223a22c080ff227d', 'hex')),
    whole('half a body', '{"nobodysField": "half'),
    whole('NUL bytes', Buffer.alloc(64)),
    whole('a number of 10,000 digits', unknown('9'.repeat(10_000))),
    whole('a bomb of gzip', gzipSync(Buffer.alloc(50_000 * KB, ' ')), { ...JSON_TYPE, 'Content-Encoding': 'gzip' }),
    whole('what only says that it is gzip', unknown('1'), { ...JSON_TYPE, 'Content-Encoding': 'gzip' }),
    whole('an unknown encoding', unknown('1'), { ...JSON_TYPE, 'Content-Encoding': 'constructor' }),
    whole('an unknown charset', unknown('1'), { 'Content-Type': 'application/json; charset=__proto__' }),
    { ...whole('bad percent signs in the query', unknown('1')), query: '?a=%&b=%zz&c=%E0%A4&%C0%80[__proto__][x]=1' },
  ]
}

function forms(): Attack[] {
  const part = (name: string, data: string, more = '') =>
    `--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${data}\r\n`
  const end = '--x--\r\n'
  const hostile = (what: string, body: string, type = FORM) => whole(what, body, { 'Content-Type': type })
  const file = '; filename="x.jpg"'
  return [
    hostile('no boundary', part('file', 'x', file) + end, 'multipart/form-data'),
    hostile('an empty boundary', part('file', 'x', file) + end, 'multipart/form-data; boundary='),
    hostile('two boundaries', part('file', 'x', file) + end, 'multipart/form-data; boundary=y; boundary=x'),
    hostile(
      'a boundary of 10,000',
      part('file', 'x', file) + end,
      `multipart/form-data; boundary=${'x'.repeat(10_000)}`
    ),
    hostile('another boundary than announced', part('file', 'x', file) + end, 'multipart/form-data; boundary=y'),
    hostile('10,000 parts', part('altText', 'x').repeat(10_000) + end),
    hostile('10,000 files', part('file', 'x', file).repeat(10_000) + end),
    hostile('10,000 boundaries', '--x\r\n'.repeat(10_000) + end),
    hostile('a part in a part', part('a[b]'.padEnd(3000, '[b]'), 'x', file) + end),
    hostile('a header of 100 KB in a part', part('file', 'x', `${file}; x="${'x'.repeat(100 * KB)}"`) + end),
    hostile('1,000 headers in a part', part('file', 'x', `${file}${'\r\nX-A: b'.repeat(1000)}`) + end),
    hostile('bad percent signs in a filename', part('file', 'x', "; filename*=UTF-8''%zz%") + end),
    hostile('NUL in a filename', part('file', 'x', '; filename="\0../../x"') + end),
    hostile('no end', part('file', 'x', file)),
    hostile('nothing at all', ''.padEnd(3, '\r\n')),
    ...['toString', 'constructor', '__proto__', 'hasOwnProperty', ''].map((name) =>
      hostile(`a file named ${name}`, part(name, 'x', file) + end)
    ),
  ]
}

/** Heads, lengths and chunks that are not as they should be. */
function framings(): Attack[] {
  const body = '{"nobodysField": 1}'
  const length = { ...JSON_TYPE, 'Content-Length': String(body.length) }
  const chunked = { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' }
  const header = (bytes: number): Attack => ({
    what: `a header of ${bytes} bytes`,
    headers: { ...length, 'X-Hostile': 'x'.repeat(bytes) },
    pieces: [body],
    isWhole: bytes < 8 * KB,
  })
  const broken = (what: string, headers: Record<string, string>, ...pieces: string[]): Attack => {
    return { what, headers, pieces, isWhole: false }
  }
  return [
    ...[1, KB, 4 * KB, 16 * KB, 64 * KB, 8000 * KB].map(header),
    broken('2 GB of JSON declared and nothing sent', { ...JSON_TYPE, 'Content-Length': '2000000000' }),
    broken('2 GB of a form declared and nothing sent', { 'Content-Type': FORM, 'Content-Length': '2000000000' }),
    broken('a malformed chunk', chunked, '5\r\n{"a":\r\nzz\r\n1}\r\n0\r\n\r\n'),
    broken('a chunk of a length that overflows', chunked, 'ffffffffffffffffff\r\n{}\r\n0\r\n\r\n'),
    broken('chunks with 64 KB of extensions', chunked, `1;${'x'.repeat(64 * KB)}\r\n{\r\n0\r\n\r\n`),
    broken('a length and chunks', { ...chunked, 'Content-Length': '5' }, '0\r\n\r\n'),
    broken('a length that is no number', { ...JSON_TYPE, 'Content-Length': '1e9' }, body),
    broken('a length below zero', { ...JSON_TYPE, 'Content-Length': '-1' }, body),
  ]
}

function* bytesOf(text: string) {
  for (const byte of text) yield byte
}

/** A byte a second, for longer than anybody waits. */
function trickles({ takesForms }: Route): Attack {
  const headers = takesForms ? { 'Content-Type': FORM } : JSON_TYPE
  const pieces = bytesOf((takesForms ? '--x\r\n' : '{"nobodysField":').padEnd(200, ' '))
  const length = { 'Content-Length': '200' }
  return { what: 'a byte a second', headers: { ...headers, ...length }, pieces, isWhole: false, pause: 1000 }
}

/** The connection breaks after each kilobyte. */
function cuts({ takesForms }: Route, picture: Buffer): Attack[] {
  const { headers, body } = takesForms
    ? form({ name: 'file', filename: 'x.jpg', data: picture })
    : { headers: JSON_TYPE, body: Buffer.from(JSON.stringify({ nobodysField: 'x'.repeat(6 * KB) })) }
  const length = { 'Content-Length': String(body.length) }
  return Array.from({ length: Math.floor((body.length - 1) / KB) }, (_, n) => ({
    what: `a connection that breaks after ${n + 1} KB`,
    headers: { ...(headers as Record<string, string>), ...length },
    pieces: [body.subarray(0, (n + 1) * KB)],
    isWhole: false,
    cut: true,
  }))
}

/** Whatever the router knows that takes a body; ids are those of nothing, names are the sender's own. */
async function routes(username: string): Promise<Route[]> {
  const router = await app.container.make('router')
  const values: Record<string, string> = { id: '01890000-0000-7000-8000-000000000000', username }
  return Object.values(router.toJSON())
    .flat()
    .flatMap(({ methods, pattern }) => methods.map((method) => ({ method, pattern })))
    .filter(({ method }) => ['POST', 'PUT', 'PATCH'].includes(method))
    .map(({ method, pattern }) => ({
      method,
      path: pattern.replace(/:(\w+)\??/g, (_, name) => values[name] ?? 'x'),
      takesForms: /media$|avatar$/.test(pattern),
    }))
}

test.group('A server under hostile requests', (group) => {
  let installation: Installation
  let server: ServerProcess
  let account: Account

  group.setup(async () => {
    installation = await Installation.create({
      NODE_OPTIONS: `--import=${new URL('../server/collecting_garbage.ts', import.meta.url)}`,
    })
    server = await installation.start()
    account = await Account.signUp(server.url, 'ada')
    return () => installation[Symbol.asyncDispose]()
  })

  async function launch({ method, path }: Route, { headers, pieces, query = '', ...attack }: Attack) {
    const first = head(method, path + query, { ...account.headers, ...headers })
    return talk(server.url, prefixed(first, pieces), attack)
  }

  async function leftNothing(assert: any, pid: number) {
    assert.isTrue(server.isRunning)
    assert.equal(server.pid, pid)
    assert.equal((await account.request('GET', '/v1/sessions')).status, 200)
    await until(async () => (await installation.filesIn('tmp')).length === 0, 'no temporary file is left')
    assert.deepEqual(await installation.rows('media'), [])
    assert.lengthOf(await installation.rows('users'), 1)
    assert.deepEqual(await installation.storedKeys(), [])
  }

  test('survives 500 of them on every route that takes a body', async ({ assert }) => {
    const picture = await photograph({ width: 1200, height: 900 })
    const targets = await routes(account.username)
    assert.isAbove(targets.length, 10)

    // What is loaded with the first of each kind is not of the attack.
    for (const route of targets) await launch(route, forms()[5])
    for (const { what, ...attack } of jsonBodies()) await launch(targets[0], { what, ...attack })
    const { pid } = server
    const before = MEASURABLE ? await server.rss() : null

    const attacks = targets.flatMap((route) =>
      [...jsonBodies(), ...forms(), ...framings(), ...cuts(route, picture), trickles(route)].map((attack) => ({
        route,
        attack,
      }))
    )
    const failures: string[] = []
    const judge = ({ status, ...talk }: Talk, { route, attack }: (typeof attacks)[number]) => {
      const name = `${route.method} ${route.path}: ${attack.what}`
      if (status === null ? attack.isWhole : status < 400 || status >= 500)
        failures.push(`${name} was answered ${status} ${talk.body}`)
      if (status !== null) assertProblem(assert, { status, ...talk } as Parameters<typeof assertProblem>[1])
    }
    const slow = attacks.filter(({ attack }) => attack.pause)
    const waiting = slow.map(async (each) => judge(await launch(each.route, each.attack), each))
    const fast = attacks.filter(({ attack }) => !attack.pause).values()
    const lanes = Array.from({ length: 8 }, async () => {
      for (const each of fast) judge(await launch(each.route, each.attack), each)
    })
    await Promise.all([...lanes, ...waiting])

    console.log(`    ${attacks.length} hostile requests on ${targets.length} routes`)
    assert.isAtLeast(attacks.length, 500)
    assert.deepEqual(failures, [])
    await leftNothing(assert, pid)
    if (before) {
      process.kill(pid, 'SIGUSR2')
      await until(async () => (await server.rss()).current < before.current + 100, 'memory is back within 100 MB')
      const after = await server.rss()
      console.log(`    memory ${before.current.toFixed(0)} MB before, ${after.current.toFixed(0)} MB after`)
    }
  }).timeout(180_000)

  for (const path of [
    '/v1/users/%',
    '/v1/users/%zz',
    '/v1/users/%C0%80',
    '/v1/users/%00',
    '/files/%FF/%',
    '/%E0%A4%A',
  ]) {
    for (const method of ['GET', 'PATCH', 'HEAD', 'CONSTRUCTOR']) {
      test(`refuses ${method} ${path}`, async ({ assert }) => {
        const { pid } = server
        const { status, ...talked } = await talk(server.url, [head(method, path, account.headers)])
        assert.oneOf(status, [400, 404])
        if (method !== 'HEAD' && status) {
          if (method === 'CONSTRUCTOR') assert.equal(talked.json.code, 'E_MALFORMED_REQUEST')
          assertProblem(assert, { status, ...talked } as Parameters<typeof assertProblem>[1])
        }
        await leftNothing(assert, pid)
      })
    }
  }

  for (const [what, bytes, expected] of [
    ['what is no HTTP', 'MAIL FROM:<x@example.org>\r\n\r\n', [400, 'E_MALFORMED_REQUEST']],
    ['a head of TLS', Buffer.from('16030100a5010000a10303', 'hex'), [400, 'E_MALFORMED_REQUEST']],
    ['a header of 64 KB', head('GET', '/v1/users', { 'X-A': 'x'.repeat(64 * KB) }), [431, 'E_HEADERS_TOO_LARGE']],
    ['a path of 64 KB', head('GET', `/${'x'.repeat(64 * KB)}`), [431, 'E_HEADERS_TOO_LARGE']],
    ['NUL in a header', head('GET', '/v1/users', { 'X-A': 'a\0b' }), [400, 'E_MALFORMED_REQUEST']],
  ] as [string, Buffer | string, [number, string]][]) {
    test(`answers ${what} with a problem, and hangs up`, async ({ assert }) => {
      const { pid } = server
      const { status, ...talked } = await talk(server.url, [bytes])
      assert.deepEqual([status, talked.json?.code], expected)
      assertProblem(assert, { status, ...talked } as Parameters<typeof assertProblem>[1])
      await leftNothing(assert, pid)
    })
  }
})

function* prefixed(first: string, pieces: Iterable<Buffer | string>) {
  yield first
  yield* pieces
}
