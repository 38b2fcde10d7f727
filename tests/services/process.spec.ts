import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import pg from 'pg'
import { Account } from '#tests/server/account'
import { send } from '#tests/server/http'
import { Installation } from '#tests/server/installation'
import { Proxy } from '#tests/server/proxy'
import type { ServerProcess } from '#tests/server/server_process'
import { until } from '#tests/server/until'
import { assertKept, endedServer, Writer } from '#tests/suites/ended_server'

/** A server with a database of its own, and a way to it that can be taken away. */
async function deployOnPostgres() {
  const { PG_HOST = '', PG_PORT = '5432', PG_USER = '', PG_PASSWORD = '' } = process.env
  const database = `calotype_test_${randomUUID().replaceAll('-', '')}`
  const administer = async (statement: string) => {
    const [host, user, password] = [PG_HOST, PG_USER, PG_PASSWORD]
    const connection = new pg.Client({ host, port: Number(PG_PORT), user, password, database: 'postgres' })
    await connection.connect()
    await connection.query(statement)
    await connection.end()
  }
  const postgres = new Proxy({ hostname: PG_HOST, port: PG_PORT })
  await postgres.listen()
  await administer(`create database ${database}`)
  const installation = await Installation.create({
    DB_CONNECTION: 'postgres',
    PG_HOST: '127.0.0.1',
    PG_PORT: String(postgres.port),
    PG_USER,
    PG_PASSWORD,
    PG_DB_NAME: database,
  })
  return {
    installation,
    postgres,
    async [Symbol.asyncDispose]() {
      await installation[Symbol.asyncDispose]()
      postgres.stop()
      await administer(`drop database ${database} with (force)`)
    },
  }
}

endedServer('PostgreSQL', deployOnPostgres, { ends: 5, kills: 3 })

const OUTAGES = 10
const WRITERS = 16
/** Within which the server has to be well again, in milliseconds. */
const RECOVERY = 5000

test.group('A server whose PostgreSQL is cut off', (group) => {
  let deployment: Awaited<ReturnType<typeof deployOnPostgres>>
  let installation: Installation
  let server: ServerProcess
  let accounts: Account[]

  group.setup(async () => {
    deployment = await deployOnPostgres()
    installation = deployment.installation
    server = await installation.start()
    accounts = await Promise.all(Array.from({ length: WRITERS }, (_, n) => Account.signUp(server.url, `person${n}`)))
    const deployed = deployment
    return async () => deployed[Symbol.asyncDispose]()
  })

  const ready = () => send(`${server.url}/health/ready`)

  test('answers 503 meanwhile, is well again at once, and keeps what it has acknowledged', async ({ assert }) => {
    const { port } = deployment.postgres
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
    const exchanges = () => writers.flatMap((writer) => writer.exchanges.filter(({ status, error }) => status || error))
    const answered = (status: number, since: number) =>
      exchanges().filter((exchange) => exchange.status === status && exchange.sentAt > since).length

    const recoveries: number[] = []
    let last = 0
    for (let outage = 0; outage < OUTAGES; outage++) {
      const begun = performance.now()
      await until(() => answered(200, begun) > 50, 'all are at it')
      const cut = performance.now()
      deployment.postgres.stop()
      await until(async () => (await ready()).status === 503, 'the server is not ready')
      const { headers, json, body } = await ready()
      assert.equal(headers['retry-after'], '1')
      assert.deepEqual([json.checks.database.ok, json.checks.storage.ok], [false, true])
      assert.notMatch(body.toString(), /ECONN|127\.0\.0\.1|connect/i)
      await until(() => answered(503, cut) > 50, 'writers are sent away')

      await deployment.postgres.listen(port)
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
  }).timeout(120_000)
})
