import { randomBytes } from 'node:crypto'
import { test } from '@japa/runner'
import type { TestContext } from '@japa/runner/core'
import { failedLogIns } from '#config/limiter'
import { PASSWORD, photograph } from '#tests/helpers'
import { form, send, type Answer } from '#tests/server/http'
import { Installation } from '#tests/server/installation'
import type { ServerProcess } from '#tests/server/server_process'

/** So few that they are met at once: of `config/limiter.ts`, a fiftieth and what is set by itself. */
const LIMITS = { LIMIT_FACTOR: '0.02', LOGIN_LIMIT: '20', SIGNUP_LIMIT: '4' }
const MOST = {
  upload: { address: 12, account: 3 },
  write: { address: 24, account: 6 },
  read: { address: 120, account: 36 },
  signUp: 4,
  logIn: 20,
}

const NOTHING = '01890000-0000-7000-8000-000000000000'

/** Somebody's network, of which nobody else is part, and a name that is nobody's. */
const network = () => `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}`
const someone = () => `p${randomBytes(8).toString('hex')}`

/** An account, with its token, that sends from the address that one gives it. */
class Visitor {
  headers: Record<string, string> = {}

  constructor(
    private server: ServerProcess,
    public address = `${network()}::1`
  ) {}

  send(method: string, path: string, content?: object) {
    const body = content && Buffer.from(JSON.stringify(content))
    const type = body ? { 'content-type': 'application/json', 'content-length': String(body.length) } : {}
    const headers = { 'x-forwarded-for': this.address, ...this.headers, ...(type as Record<string, string>) }
    return send(this.server.url + path, body, { method, headers })
  }

  async signUp() {
    const username = someone()
    const account = { username, email: `${username}@example.org`, password: PASSWORD }
    return { username, answer: await this.send('POST', '/v1/users', account) }
  }

  logIn(login: string, password = PASSWORD) {
    return this.send('POST', '/v1/session', { login, password })
  }

  async join() {
    const { username, answer } = await this.signUp()
    const session = answer.status === 201 ? await this.logIn(username) : answer
    this.headers = { authorization: `Bearer ${session.json.data.token}` }
    return this
  }

  async upload(data: Buffer) {
    const { body, headers } = form({ name: 'file', filename: 'x.jpg', data })
    const more = { 'content-length': String(body.length), 'x-forwarded-for': this.address }
    return send(`${this.server.url}/v1/media`, body, {
      method: 'POST',
      headers: { ...this.headers, ...headers, ...more },
    })
  }

  read() {
    return this.send('GET', '/v1/users?limit=1')
  }

  write() {
    return this.send('PUT', `/v1/posts/${NOTHING}/like`)
  }
}

function assertRefused(assert: TestContext['assert'], { status, headers, json }: Answer, limit: number) {
  assert.equal(status, 429)
  assert.equal(json.code, 'E_TOO_MANY_REQUESTS')
  assert.match(headers['retry-after']!, /^[1-9]\d*$/)
  assert.equal(headers['ratelimit-limit'], String(limit))
  assert.equal(headers['ratelimit-remaining'], '0')
  assert.equal(headers['ratelimit-reset'], headers['retry-after'])
}

/** What every store of the limits promises, on a real server. */
export function limitsSuite(store: string, settings: () => Record<string, string>) {
  test.group(`Limits, in ${store}`, (group) => {
    let installation: Installation
    let server: ServerProcess

    group.setup(async () => {
      installation = await Installation.create({ ...LIMITS, TRUSTED_PROXIES: '127.0.0.1', ...settings() })
      server = await installation.start()
      return () => installation[Symbol.asyncDispose]()
    })

    /** As many times as is allowed, and once more: what came of the last of each. */
    async function exhaust(assert: TestContext['assert'], most: number, act: () => Promise<Answer>) {
      for (let left = most - 1; left >= 0; left--) {
        const answer = await act()
        assert.notEqual(answer.status, 429, `with ${left + 1} left`)
        assert.equal(answer.headers['ratelimit-limit'], String(most))
        assert.equal(answer.headers['ratelimit-remaining'], String(left))
        assert.match(String(answer.headers['ratelimit-reset']), /^[1-9]\d*$/)
      }
      assertRefused(assert, await act(), most)
    }

    for (const kind of ['read', 'write', 'upload'] as const) {
      const act = async (visitor: Visitor) =>
        kind === 'upload' ? visitor.upload(Buffer.from('no picture')) : visitor[kind]()

      test(`${kind}: as many as an account may, wherever it is, and no more`, async ({ assert }) => {
        const ada = await new Visitor(server).join()
        const bert = await new Visitor(server).join()
        await exhaust(assert, MOST[kind].account, () => {
          ada.address = `${network()}::1`
          return act(ada)
        })
        assert.notEqual((await act(bert)).status, 429)
      })

      test(`${kind}: as many as an address may, whoever is there, and no more`, async ({ assert }) => {
        const stranger = new Visitor(server)
        await exhaust(assert, MOST[kind].address, () => act(stranger))
        const [prefix] = stranger.address.split('::')
        assert.equal((await act(new Visitor(server, `${prefix}:ffff::9`))).status, 429, 'the /64 is one')
        assert.notEqual((await act(new Visitor(server))).status, 429, 'another /64 is another')
      })
    }

    test('making a photograph of what was sent elsewhere is an upload', async ({ assert }) => {
      const ada = await new Visitor(server).join()
      const complete = () => ada.send('PUT', `/v1/uploads/${NOTHING}`, {})
      await exhaust(assert, MOST.upload.account, complete)
    })

    test('an upload that is taken shows how many are left', async ({ assert }) => {
      const ada = await new Visitor(server).join()
      const { status, headers } = await ada.upload(await photograph())
      assert.equal(status, 201)
      assert.equal(headers['ratelimit-remaining'], String(MOST.upload.account - 1))
    })

    test('sign-ups: as many as an address may', async ({ assert }) => {
      const visitor = new Visitor(server)
      for (let left = MOST.signUp - 1; left >= 0; left--) {
        const { answer } = await visitor.signUp()
        assert.equal(answer.status, 201)
        assert.equal(answer.headers['ratelimit-remaining'], String(left))
      }
      assertRefused(assert, (await visitor.signUp()).answer, MOST.signUp)
      assert.equal((await new Visitor(server).signUp()).answer.status, 201)
    })

    test('log-ins: as many as an address may', async ({ assert }) => {
      const visitor = new Visitor(server)
      for (let n = 0; n < MOST.logIn; n++) assert.equal((await visitor.logIn(someone())).status, 401)
      assertRefused(assert, await visitor.logIn(someone()), MOST.logIn)
      assert.equal((await new Visitor(server).logIn(someone())).status, 401)
    })

    test('log-ins that fail make those after them wait, from that address and for that account only', async ({
      assert,
    }) => {
      /** Who is not back within the wait is let in, which says nothing: another tries then. */
      const guess = async () => {
        for (;;) {
          const { username } = await new Visitor(server).signUp()
          const guesser = new Visitor(server)
          let began = 0
          for (let n = 0; n < 6; n++) {
            began = performance.now()
            assert.equal((await guesser.logIn(username, 'another passphrase')).status, 401)
          }
          const refused = await guesser.logIn(username)
          if (performance.now() - began < failedLogIns.wait.first * 1000) return { username, guesser, refused }
        }
      }
      const { username, guesser, refused } = await guess()
      assert.equal(refused.status, 429)
      assert.oneOf(refused.headers['retry-after'], ['1', '2'])
      assert.equal((await guesser.logIn(someone())).status, 401, 'another account')
      assert.equal((await new Visitor(server).logIn(username)).status, 201, 'the owner, elsewhere')
    })

    test('log-ins: of many guesses at once only the first few are looked at', async ({ assert }) => {
      const { username } = await new Visitor(server).signUp()
      const guesser = new Visitor(server)
      const answers = await Promise.all(Array.from({ length: 15 }, () => guesser.logIn(username, 'another passphrase')))
      const statuses = answers.map(({ status }) => status)
      assert.lengthOf(
        statuses.filter((status) => status === 401),
        6
      )
      assert.lengthOf(
        statuses.filter((status) => status === 429),
        9
      )
    })

    test('a log-in that succeeds is never counted against its account', async ({ assert }) => {
      const { username } = await new Visitor(server).signUp()
      const owner = new Visitor(server)
      for (let n = 0; n < 12; n++) assert.equal((await owner.logIn(username)).status, 201)
    })

    test('files, health and the page are not counted', async ({ assert }) => {
      const visitor = new Visitor(server)
      for (const path of ['/health/live', '/', '/files/nothing']) {
        assert.notProperty((await visitor.send('GET', path)).headers, 'ratelimit-limit')
      }
    })
  })

  test.group(`Limits, in ${store}, without a trusted proxy`, (group) => {
    let installation: Installation
    let server: ServerProcess

    group.setup(async () => {
      installation = await Installation.create({ ...LIMITS, ...settings() })
      server = await installation.start()
      return () => installation[Symbol.asyncDispose]()
    })

    test('X-Forwarded-For does not make another address', async ({ assert }) => {
      const remaining = async () => Number((await new Visitor(server).read()).headers['ratelimit-remaining'])
      const before = await remaining()
      assert.equal(await remaining(), before - 1)
      assert.equal(await remaining(), before - 2)
    })
  })
}
