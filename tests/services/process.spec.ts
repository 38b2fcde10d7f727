import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import { Account } from '#tests/server/account'
import { send } from '#tests/server/http'
import { Installation } from '#tests/server/installation'
import { createPostgresDatabase } from '#tests/server/postgres_database'
import { POSTGRES, PostgresServer } from '#tests/server/postgres_server'
import { Proxy } from '#tests/server/proxy'
import type { ServerProcess } from '#tests/server/server_process'
import { until } from '#tests/server/until'
import { assertKept, endedServer, Writer } from '#tests/suites/ended_server'

interface Outages extends AsyncDisposable {
  installation: Installation
  /** Takes PostgreSQL away. */
  begin(number: number): Promise<void>
  /** It answers again when this is over. */
  end(): Promise<void>
}

/** A server with a database of its own. */
async function deployOnPostgres() {
  const database = await createPostgresDatabase()
  const installation = await Installation.create(database.settings)
  return {
    installation,
    async [Symbol.asyncDispose]() {
      await installation[Symbol.asyncDispose]()
      await database.drop()
    },
  }
}

/** The way to its PostgreSQL can be taken away. */
async function deployBehindProxy(): Promise<Outages> {
  const { settings, drop } = await createPostgresDatabase()
  const proxy = new Proxy({ hostname: settings.PG_HOST, port: settings.PG_PORT })
  await proxy.listen()
  const { port } = proxy
  const installation = await Installation.create({ ...settings, PG_HOST: '127.0.0.1', PG_PORT: String(port) })
  return {
    installation,
    begin: async () => proxy.stop(),
    end: () => proxy.listen(port),
    async [Symbol.asyncDispose]() {
      await installation[Symbol.asyncDispose]()
      proxy.stop()
      await drop()
    },
  }
}

/** Its PostgreSQL is its own, and can be stopped: in order, and as if it had crashed. */
async function deployOnOwnPostgres(): Promise<Outages> {
  const postgres = await PostgresServer.create()
  const installation = await Installation.create(postgres.settings)
  return {
    installation,
    begin: (number) => postgres.end(number % 2 === 0 ? 'SIGINT' : 'SIGQUIT'),
    end: () => postgres.start(),
    async [Symbol.asyncDispose]() {
      await installation[Symbol.asyncDispose]()
      await postgres[Symbol.asyncDispose]()
    },
  }
}

endedServer('PostgreSQL', deployOnPostgres, { ends: 5, kills: 3 })

const OUTAGES = 10
const WRITERS = 16
/** Within which the server has to be well again, in milliseconds. */
const RECOVERY = 5000

for (const [what, deploy, isPossible] of [
  ['cut off', deployBehindProxy, true],
  ['stopped', deployOnOwnPostgres, Boolean(POSTGRES)],
] as const) {
  test.group(`A server whose PostgreSQL is ${what}`, (group) => {
    let deployment: Outages
    let installation: Installation
    let server: ServerProcess
    let accounts: Account[]

    group.setup(async () => {
      if (!isPossible) return () => {}
      deployment = await deploy()
      installation = deployment.installation
      server = await installation.start()
      accounts = await Promise.all(Array.from({ length: WRITERS }, (_, n) => Account.signUp(server.url, `person${n}`)))
      const deployed = deployment
      return async () => deployed[Symbol.asyncDispose]()
    })

    const ready = () => send(`${server.url}/health/ready`)

    test('answers 503 meanwhile, is well again at once, and keeps what it has acknowledged', async ({ assert }) => {
      const writers = accounts.map((account) => new Writer(server, account))
      let isOver = false
      let number = 0
      const write = async (writer: Writer) => {
        while (!isOver) {
          const answer = await writer.write(++number)
          if (answer?.status !== 503) continue
          assert.match(answer.head, /^retry-after: [1-9]/im)
          assert.notMatch(answer.body, /ECONN|knex|terminated|127\.0\.0\.1/i)
          // As who is told to come again later, though not as late.
          await sleep(5)
        }
      }
      const over = Promise.all(writers.map(write))
      const exchanges = () =>
        writers.flatMap((writer) => writer.exchanges.filter(({ status, error }) => status || error))
      const answered = (status: number, since: number) =>
        exchanges().filter((exchange) => exchange.status === status && exchange.sentAt > since).length

      const recoveries: number[] = []
      let last = 0
      for (let outage = 0; outage < OUTAGES; outage++) {
        const begun = performance.now()
        await until(() => answered(200, begun) > 50, 'all are at it')
        const cut = performance.now()
        await deployment.begin(outage)
        await until(async () => (await ready()).status === 503, 'the server is not ready')
        const { headers, json, body } = await ready()
        assert.equal(headers['retry-after'], '1')
        assert.deepEqual([json.checks.database.ok, json.checks.storage.ok], [false, true])
        assert.notMatch(body.toString(), /ECONN|127\.0\.0\.1|connect/i)
        await until(() => answered(503, cut) > 50, 'writers are sent away')

        await deployment.end()
        const back = performance.now()
        await until(async () => (await ready()).status === 200, 'the server is ready')
        recoveries.push(performance.now() - back)
        last = Math.max(last, ...exchanges().map(({ status, sentAt }) => (status === 200 ? 0 : sentAt - back)))
        const recovered = performance.now()
        await until(() => answered(200, recovered) > 50, 'all are at it again')
        const late = exchanges().filter(({ status, sentAt }) => status !== 200 && sentAt > recovered)
        assert.deepEqual(late, [], 'refused although the server is ready')
      }
      isOver = true
      await over
      for (const writer of writers) writer.close()
      const statuses = [...new Set(exchanges().map(({ status }) => status))]
      assert.sameMembers(statuses, [200, 503])
      await assertKept(installation, writers)
      console.log(
        `    ${OUTAGES} outages, ready again after ${Math.max(...recoveries).toFixed(0)} ms at most, the last 503 ${last.toFixed(0)} ms after`
      )
      assert.isBelow(last, RECOVERY)
    }).skip(!isPossible, 'The programs of PostgreSQL are not installed: put initdb on the PATH')
  })
}
