import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import type { TestContext } from '@japa/runner/core'
import { randomFrom } from '#tests/random'
import { Account } from '#tests/server/account'
import type { Installation } from '#tests/server/installation'
import { type Exchange, KeepAliveClient } from '#tests/server/keep_alive_client'
import type { ServerProcess } from '#tests/server/server_process'
import { until } from '#tests/server/until'

/** An installation, and how it is taken down. */
export interface Deployment extends AsyncDisposable {
  installation: Installation
}

const CLIENTS = 16
const BATCH = 5
/** How long a server that is told to end still hears a connection that is idle, in milliseconds. */
const GRACE = 1000
const STREAMING = 'tests/server/streaming_server.ts'

/** How a server that is told to end, or is killed, treats those who use it, whatever its database. */
export function endedServer(name: string, deploy: () => Promise<Deployment>, rounds: { ends: number; kills: number }) {
  test.group(`A server that ends, on ${name}`, (group) => {
    let installation: Installation
    let accounts: Account[]

    group.setup(async () => {
      const deployment = await deploy()
      installation = deployment.installation
      const server = await installation.start()
      accounts = await Promise.all(Array.from({ length: CLIENTS }, (_, n) => Account.signUp(server.url, `person${n}`)))
      await server.kill('SIGTERM')
      return async () => deployment[Symbol.asyncDispose]()
    })

    batches(rounds.ends, 'answers all that it has accepted, with an event stream open', async (times, { assert }) => {
      const seed = randomInt(2 ** 31)
      console.log(`    seed ${seed}`)
      const random = randomFrom(seed)
      const took: number[] = []
      for (let round = 0; round < times; round++) {
        const server = await installation.start(STREAMING)
        const stream = await fetch(`${server.url}/events`)
        const { clients, over } = load(server, accounts)
        await until(() => clients.every(({ exchanges }) => exchanges.length > 10), 'all are at it')
        await sleep(random() * 50)

        const began = performance.now()
        await server.kill('SIGTERM')
        took.push(performance.now() - began)
        await over
        assert.deepEqual(server.ended, { code: 0, signal: null }, server.output())
        assert.equal(await stream.text(), 'event: start\n\nevent: end\n\n')
        // Who stood still for longer than the grace sends to nobody.
        const isDue = ({ status, sentAt }: Exchange) => status !== null || sentAt < began + GRACE
        const due = clients.flatMap(({ exchanges }) => exchanges).filter(isDue)
        assert.deepEqual(
          due.filter(({ status }) => status !== 200),
          [],
          'requests that were sent and not carried out'
        )
        await assertKept(installation, clients)
      }
      console.log(`    ${times} times, ended after ${rangeOf(took)}`)
      assert.isBelow(Math.max(...took), 10_000)
    })

    batches(rounds.kills, 'keeps what it has acknowledged when it is killed', async (times, { assert }) => {
      const ready: number[] = []
      let acknowledged = 0
      let server = await installation.start()
      for (let round = 0; round < times; round++) {
        const { clients, over } = load(server, accounts)
        await until(() => clients.every(({ exchanges }) => exchanges.length > 5), 'all are at it')
        await server.kill('SIGKILL')
        await over
        acknowledged += clients.flatMap(({ exchanges }) => exchanges).filter(({ status }) => status === 200).length

        const began = performance.now()
        server = await installation.start()
        await until(async () => (await fetch(`${server.url}/health/ready`)).status === 200, 'the server is ready')
        ready.push(performance.now() - began)
        await assertKept(installation, clients)
      }
      console.log(`    ${times} kills, ${acknowledged} acknowledged, ready again after ${rangeOf(ready)}`)
      assert.isAbove(acknowledged, 0)
      await server.kill('SIGKILL')
    })
  })
}

/** So many times in tests of a few, so that none takes long. */
export function batches(times: number, title: string, run: (times: number, context: TestContext) => Promise<void>) {
  for (let done = 0; done < times; done += BATCH) {
    const count = Math.min(BATCH, times - done)
    test(`${title}: ${done + 1} to ${done + count}`, (context) => run(count, context))
  }
}

/** What each writer wrote last is there: what was answered, or what was sent after it. */
export async function assertKept(installation: Installation, writers: Writer[]) {
  const names = new Map((await installation.rows('users')).map(({ id, username }) => [id, username]))
  const profiles = await installation.rows('profiles')
  const kept = new Map(profiles.map(({ user_id: user, bio }) => [names.get(user), Number(bio)]))
  for (const { account, acknowledged, sent } of writers) {
    const last = kept.get(account.username)!
    const told = `${account.username}: ${last} is kept, ${acknowledged} was answered, ${sent} was sent last`
    assert.ok(acknowledged <= last && last <= sent, told)
  }
}

/** Writes numbers, one after the other, into the profile of an account of its own. */
export class Writer extends KeepAliveClient {
  acknowledged = 0
  sent = 0

  constructor(
    server: ServerProcess,
    readonly account: Account
  ) {
    super(new URL(server.url), account.headers)
  }

  /** @returns null where there is no answer. */
  async write(number: number) {
    this.sent = number
    const answer = await this.send('PATCH', `/v1/users/${this.account.username}/profile`, { bio: String(number) })
    if (answer?.status === 200) this.acknowledged = number
    return answer
  }
}

let number = 0

/** Writers that go on until nobody answers. */
function load(server: ServerProcess, accounts: Account[]) {
  const clients = accounts.map((account) => new Writer(server, account))
  const write = async (client: Writer) => {
    // What was refused was not sent.
    while (await client.connect()) if (!(await client.write(++number))) break
    client.close()
  }
  return { clients, over: Promise.all(clients.map(write)) }
}

function rangeOf(milliseconds: number[]) {
  const [least, most] = [Math.min(...milliseconds), Math.max(...milliseconds)]
  return `${(least / 1000).toFixed(1)} to ${(most / 1000).toFixed(1)} s`
}

/** An upload whose end does not come. */
export function unfinishedUpload(server: ServerProcess, account: Account) {
  const headers = { ...account.headers, 'content-type': 'multipart/form-data; boundary=x', 'content-length': '1000' }
  const upload = request(`${server.url}/v1/media`, { method: 'POST', headers, agent: false })
  upload.on('error', () => upload.destroy())
  const part = 'Content-Disposition: form-data; name="file"; filename="x.jpg"\r\nContent-Type: image/jpeg'
  upload.write(`--x\r\n${part}\r\n\r\nthe beginning`)
  return upload
}

/** A body of which only the beginning is sent. */
export function unfinishedBody(server: ServerProcess, account: Account) {
  const headers = { ...account.headers, 'content-type': 'application/json', 'content-length': '1000' }
  const sent = request(`${server.url}/v1/posts`, { method: 'POST', headers, agent: false })
  sent.on('error', () => sent.destroy())
  sent.write('{"caption": "the beginning')
}
