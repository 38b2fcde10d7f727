import { test } from '@japa/runner'
import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { randomOf } from '#tests/random'
import { Account } from '#tests/server/account'
import type { Answer } from '#tests/server/http'
import type { Installation } from '#tests/server/installation'
import { until } from '#tests/server/until'
import { batches } from '#tests/suites/ended_server'
import { creations, essence, newName, type Creation } from './creations.js'

const DYING = 'tests/suites/idempotency/dying_server.ts'
const WRITERS = 16
const KILLS = Number(process.env.IDEMPOTENCY_KILLS ?? 5)

/** Where the server dies, and whether what was to be made is there then. */
const POINTS = { 'before the COMMIT': 0, 'after the COMMIT': 1, 'after its answer was stored': 1 }

interface Place extends AsyncDisposable {
  installation: Installation
}

/** What a key promises when the server is killed, whatever its database. */
export function idempotencyKills(name: string, deploy: () => Promise<Place>) {
  test.group(`Keys and kill -9 on ${name}`, (group) => {
    let place: Place
    let installation: Installation

    group.setup(async () => {
      place = await deploy()
      installation = place.installation
      return async () => place[Symbol.asyncDispose]()
    })

    for (const [point, made] of Object.entries(POINTS)) {
      test(`makes once what it was making when it was killed ${point}`, async ({ assert }) => {
        let server = await installation.start(DYING)
        const account = await Account.signUp(server.url, newName())
        for (const [route, { table, prepare, look }] of Object.entries(creations)) {
          const creation = await prepare(account)
          const before = await count(table)
          const key = randomUUID()
          await assert.rejects(() => creation.send(key, { 'die-at': point }), /socket hang up|ECONNRESET/)
          await server.kill('SIGKILL')
          assert.equal(await count(table), before + made, route)

          server = await installation.start(DYING)
          const first = await creation.sendUntilAnswered(key)
          assert.equal(first.status, 201, first.body.toString())
          assert.equal((await look(account, first.json.data)).status, 200, route)
          assert.deepEqual(essence(await creation.send(key)), essence(first))
          assert.equal(await count(table), before + 1, route)
        }
        await server.kill('SIGKILL')
      }).timeout(300_000)
    }

    const title = `killed at any moment under ${WRITERS} writers: nothing twice, nothing lost`
    batches(KILLS, title, async (times, { assert }) => {
      const seed = randomInt(2 ** 31)
      console.log(`      seed ${seed}`)
      const random = randomOf(seed)
      let server = await installation.start()
      const accounts: Account[] = []
      while (accounts.length < WRITERS) accounts.push(await Account.signUp(server.url, newName()))
      const before = await counts()

      const answered: Answered[] = []
      let cutOff = 0
      let isOver = false
      const write = async (account: Account) => {
        while (!isOver) {
          const route = random.pick(Object.keys(creations))
          const creation = await creations[route].prepare(account)
          const key = randomUUID()
          const answer = await creation.sendUntilAnswered(key, () => cutOff++)
          answered.push({ route, account, creation, key, answer })
        }
      }
      const writers = Promise.all(accounts.map(write))
      for (let kill = 0; kill < times; kill++) {
        const enough = answered.length + 1 + random.below(20)
        await until(() => answered.length >= enough, 'the writers write')
        await sleep(random.below(50))
        await server.kill('SIGKILL')
        server = await installation.start()
      }
      isOver = true
      await writers
      console.log(`      ${answered.length} answered, ${cutOff} cut off`)

      assert.isAbove(cutOff, 0)
      for (const { answer } of answered) assert.equal(answer.status, 201, answer.body.toString())
      const of = (route: string) => answered.filter((each) => each.route === route).length
      const [comments, replies] = [of('/v1/posts/:id/comments'), of('/v1/comments/:id/replies')]
      // Each comment is on a post of its own.
      const posts = of('/v1/posts') + comments + replies
      assert.deepEqual(await counts(), {
        users: before.users + of('/v1/users'),
        auth_access_tokens: before.auth_access_tokens + of('/v1/session'),
        posts: before.posts + posts,
        media: before.media + of('/v1/media') + posts + of('/v1/users/:username/profile/avatar'),
        comments: before.comments + comments + 2 * replies,
      })
      for (const { route, account, creation, key, answer } of answered) {
        assert.equal((await creations[route].look(account, answer.json.data)).status, 200, route)
        assert.deepEqual(essence(await creation.send(key)), essence(answer))
      }
      await server.kill('SIGKILL')
    })

    const count = async (table: string) => (await installation.rows(table)).length

    async function counts() {
      const counted: Record<string, number> = {}
      const tables = ['users', 'auth_access_tokens', 'posts', 'media', 'comments']
      for (const table of tables) counted[table] = await count(table)
      return counted
    }
  })
}

interface Answered {
  route: string
  account: Account
  creation: Creation
  key: string
  answer: Answer
}
