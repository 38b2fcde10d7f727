import { test } from '@japa/runner'
import type { TestContext } from '@japa/runner/core'
import { photograph } from '#tests/helpers'
import { Account } from '#tests/server/account'
import { send, type Answer } from '#tests/server/http'
import type { Installation } from '#tests/server/installation'
import { deployOnS3, type S3Deployment } from '#tests/server/s3_deployment'
import type { ServerProcess } from '#tests/server/server_process'
import { killedServer } from '#tests/suites/killed_server'

type Assert = TestContext['assert']

let outage: S3Deployment
let installation: Installation
let server: ServerProcess
let account: Account
let picture: Buffer

async function deploy() {
  outage = await deployOnS3()
  installation = outage.installation
  server = await installation.start()
  account = await Account.signUp(server.url, 'ada')
  picture = await photograph({ width: 800, height: 600 })
  const deployed = outage
  return async () => deployed[Symbol.asyncDispose]()
}

async function publish(pictures: number) {
  const uploaded = await Promise.all(Array.from({ length: pictures }, () => account.upload(picture)))
  const published = await account.publish(uploaded.map(({ json }) => json.data.id))
  return published.json.data
}

function assertUnavailable(assert: Assert, { status, headers, json, body }: Answer, code = 'E_STORAGE_UNAVAILABLE') {
  assert.equal(status, 503, body.toString())
  assert.match(headers['retry-after']!, /^[1-9]\d*$/)
  assert.equal(headers['content-type'], 'application/problem+json; charset=utf-8')
  assert.equal(json.code, code)
  assert.notMatch(body.toString(), /aws|sdk|socket|ECONN|127\.0\.0\.1|abort|knex|terminated/i)
}

async function assertNoRowLacksAnObject(assert: Assert) {
  const stored = new Set(await outage.storedKeys())
  assert.deepEqual(
    (await installation.ownedKeys()).filter((key) => !stored.has(key)),
    [],
    'files that a row names and that are not there'
  )
  assert.deepEqual(await installation.filesIn('tmp'), [])
}

async function assertShown(assert: Assert, post: any) {
  const start = performance.now()
  const { status, json } = await send(`${server.url}/v1/posts/${post.id}`)
  assert.equal(status, 200)
  assert.deepEqual(json.data.media, post.media)
  return performance.now() - start
}

async function assertFetched(assert: Assert, { variants }: any) {
  for (const { url } of variants) assert.equal((await send(url)).status, 200, url)
}

async function assertWell(assert: Assert) {
  const post = await publish(2)
  await assertFetched(assert, post.media[1])
  await assertNoRowLacksAnObject(assert)
}

test.group('A server whose S3 fails', (group) => {
  group.setup(deploy)

  for (const [how, takeAway, giveBack] of [
    ['is stopped', () => outage.s3.stop(), (port: number) => outage.s3.listen(port)],
    ['falls silent', () => outage.s3.fallSilent(), () => outage.s3.speakAgain()],
  ] as const) {
    test(`answers 201 or 503 to uploads while S3 ${how}, and is well when it is back`, async ({ assert }) => {
      const post = await publish(1)
      const { port } = outage.s3
      const answers: Answer[] = []
      let next = 0
      let longest = 0
      const lane = async () => {
        while (next++ < 30) {
          const start = performance.now()
          answers.push(await account.upload(picture))
          longest = Math.max(longest, performance.now() - start)
          if (answers.length === 10) takeAway()
        }
      }
      const uploads = Promise.all(Array.from({ length: 20 }, lane))
      let slowestRead = 0
      while (answers.length < 30) slowestRead = Math.max(slowestRead, await assertShown(assert, post))
      await uploads

      const refused = answers.filter(({ status }) => status !== 201)
      console.log(`    ${refused.length} of 30 refused, the longest took ${(longest / 1000).toFixed(1)} s`)
      assert.isAtLeast(answers.length - refused.length, 10)
      assert.isAtLeast(refused.length, 1)
      for (const answer of refused) assertUnavailable(assert, answer)
      assert.isBelow(longest, 30_000)
      assert.isBelow(slowestRead, 10_000)
      await assertNoRowLacksAnObject(assert)
      assertUnavailable(assert, await send(post.media[0].variants[0].url))

      await giveBack(port)
      await assertFetched(assert, post.media[0])
      await assertWell(assert)
    })

    test(`keeps posts and their files together when S3 ${how}`, async ({ assert }) => {
      const [hidden, deleted] = [await publish(2), await publish(2)]
      const loose = (await account.upload(picture)).json.data
      const { port } = outage.s3
      takeAway()
      const [hiding, cutting, deleting, verified] = await Promise.all([
        account.request('PATCH', `/v1/posts/${hidden.id}`, { visibility: 'followers' }),
        account.request('PATCH', `/v1/media/${loose.id}`, { focalPoint: { x: 0, y: 0 } }),
        account.request('DELETE', `/v1/posts/${deleted.id}`),
        installation.ace('media:verify', '--repair', '--grace=0'),
      ])
      assertUnavailable(assert, hiding)
      assertUnavailable(assert, cutting)
      assert.oneOf(deleting.status, [204, 503])
      assert.equal(verified.code, 1, verified.output)
      assert.notMatch(verified.output, /\n\s+at /, 'it says why in a sentence')
      await assertNoRowLacksAnObject(assert)

      await giveBack(port)
      await assertShown(assert, hidden)
      await assertFetched(assert, hidden.media[0])
      await assertWell(assert)
    })
  }

  test('is tidied up by media:verify --repair', async ({ assert }) => {
    await server.kill('SIGKILL')
    const owned = await installation.ownedKeys()
    const orphans = (await outage.storedKeys()).filter((key) => !owned.includes(key))
    console.log(`    ${orphans.length} files of no medium`)

    const first = await installation.ace('media:verify', '--repair', '--json', '--grace=0')
    assert.equal(first.code, 0, first.output)
    assert.sameMembers(JSON.parse(first.stdout).orphans, orphans)
    assert.deepEqual(JSON.parse(first.stdout).missing, [])
    assert.deepEqual(await outage.storedKeys(), owned)

    const second = await installation.ace('media:verify', '--repair', '--json', '--grace=0')
    assert.equal(second.code, 0, second.output)
    assert.containsSubset(JSON.parse(second.stdout), { missing: [], orphans: [], files: owned.length })
  })
})

test.group('A server whose database is cut off', (group) => {
  group.setup(deploy)

  for (const arrives of [false, true]) {
    const when = arrives ? 'after' : 'before'

    test(`keeps a medium with its files, ${when} its row is written`, async ({ assert }) => {
      outage.postgres.cutAt(/insert into "media"/, { arrives })
      const answer = await account.upload(picture)
      await assertNoRowLacksAnObject(assert)
      assertUnavailable(assert, answer, 'E_UNAVAILABLE')
      await assertWell(assert)
    })

    test(`keeps a post with its files, ${when} it is hidden`, async ({ assert }) => {
      const post = await publish(2)
      outage.postgres.cutAt(/COMMIT/, { arrives })
      const answer = await account.request('PATCH', `/v1/posts/${post.id}`, { visibility: 'followers' })
      const { json } = await account.request('GET', `/v1/posts/${post.id}`)
      assert.equal(json.data.visibility, arrives ? 'followers' : 'public')
      await assertNoRowLacksAnObject(assert)
      await assertFetched(assert, json.data.media[0])
      // Whether it was written is not known then.
      assertUnavailable(assert, answer, 'E_UNAVAILABLE')
      await assertWell(assert)
    })
  }
})

killedServer('PostgreSQL and S3', deployOnS3, { rounds: 4 })
