import { test } from '@japa/runner'
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { photograph } from '#tests/helpers'
import { randomFrom } from '#tests/random'
import { Account } from '#tests/server/account'
import { send } from '#tests/server/http'
import type { Installation } from '#tests/server/installation'
import type { ServerProcess } from '#tests/server/server_process'
import { until } from '#tests/server/until'

/** An installation and what it stores its files in, seen from beside it. */
export interface Deployment extends AsyncDisposable {
  installation: Installation
  /** The keys of all stored files, in order. */
  storedKeys(): Promise<string[]>
  store(key: string, data: Buffer): Promise<unknown>
  /** Resolves when the server begins to store the next file. */
  nextFile(): Promise<unknown>
}

const UPLOADS = 50
/** Fewer than the server takes at once, so that none is turned away. */
const AT_ONCE = 25

const ORPHAN = 'media/ab/abababababababababababababababab/full-0123456789abcdef.jpg'
const VERIFY = ['media:verify', '--json', '--grace=0']

/** What a server that is killed while it stores photographs leaves behind, whatever its database and its disk. */
export function killedServer(name: string, deploy: () => Promise<Deployment>, { rounds }: { rounds: number }) {
  test.group(`A killed server on ${name}`, (group) => {
    let deployment: Deployment
    let installation: Installation
    let pictures: Buffer[]
    let account: Account

    group.setup(async () => {
      deployment = await deploy()
      installation = deployment.installation
      const sizes = [900, 900, 900, 300, 300].map((width) => ({ width, height: 600 }))
      pictures = await Promise.all(sizes.map((size) => photograph(size)))
      return async () => deployment[Symbol.asyncDispose]()
    })

    test('keeps every photograph that it said it has, and shows no post without its files', async ({ assert }) => {
      const seed = randomInt(2 ** 31)
      console.log(`    seed ${seed}`)
      const random = randomFrom(seed)
      const promised = { media: [] as string[], posts: [] as string[] }

      let server = await installation.start()
      account = await Account.signUp(server.url, 'ada')
      for (let round = 0; round < rounds; round++) {
        const anyTime = () => sleep(random() * 200)
        // Between the first file of a medium and its row.
        const whileStoring = () => deployment.nextFile().then(() => sleep(random() * 4))
        const { killed, answered } = killAfter(server, 1 + random() * 20, round % 2 === 0 ? anyTime : whileStoring)
        const { media, posts, strange, cutOff } = await traffic(account, pictures, answered)
        await killed
        assert.deepEqual(strange, [])
        assert.isAbove(cutOff, 0, 'the kill came while uploads were under way')
        promised.media.push(...media)
        promised.posts.push(...posts)

        server = await installation.start()
        await until(async () => (await installation.filesIn('tmp')).length === 0, 'what was spooled is gone')
        const shown = await account.posts()
        assert.includeMembers(idsOf(shown), promised.posts)
        for (const post of shown) {
          assert.equal((await send(`${server.url}/v1/posts/${post.id}`)).status, 200)
          assert.lengthOf(post.media, 1)
          for (const { url } of post.media[0].variants) {
            const { status, headers, body } = await send(url)
            assert.equal(status, 200, url)
            assert.isAbove(body.length, 0)
            assert.equal(headers['content-length'], String(body.length))
          }
        }
        assert.includeMembers(idsOf(await installation.rows('media')), promised.media)
        assert.includeMembers(await deployment.storedKeys(), await installation.ownedKeys())
      }
      await server.kill('SIGKILL')
    })

    test('leaves nothing that media:verify --repair does not find and remove', async ({ assert }) => {
      await deployment.store(ORPHAN, pictures[0])
      const owned = await installation.ownedKeys()
      const orphans = (await deployment.storedKeys()).filter((key) => !owned.includes(key))
      assert.include(orphans, ORPHAN)

      const reported = await installation.ace(...VERIFY)
      assert.equal(reported.code, 1, reported.output)
      assert.sameMembers(JSON.parse(reported.stdout).orphans, orphans)

      const first = await installation.ace(...VERIFY, '--repair')
      assert.equal(first.code, 0, first.output)
      const audit = JSON.parse(first.stdout)
      assert.sameMembers(audit.orphans, orphans)
      assert.deepEqual(audit.missing, [])
      assert.deepEqual(audit.repaired, { orphans: orphans.length, media: 0 })
      assert.deepEqual(await deployment.storedKeys(), owned)

      const second = await installation.ace(...VERIFY, '--repair')
      assert.equal(second.code, 0, second.output)
      assert.containsSubset(JSON.parse(second.stdout), { missing: [], orphans: [], files: owned.length })
      assert.deepEqual(await deployment.storedKeys(), owned)
    })

    test('media:verify --repair waits for uploads that are under way', async ({ assert }) => {
      const server = await installation.start()
      const media: string[] = []
      let verifying = true
      const lane = async (_: unknown, number: number) => {
        while (verifying) {
          const { status, json } = await account.upload(pictures[number % pictures.length])
          assert.equal(status, 201)
          media.push(json.data.id)
        }
      }
      const lanes = Promise.all(Array.from({ length: 6 }, lane))
      await until(() => media.length > 6, 'uploads are under way')
      const { code, stdout, output } = await installation.ace('media:verify', '--repair', '--json', '--grace=10')
      verifying = false
      await lanes

      assert.equal(code, 0, output)
      assert.containsSubset(JSON.parse(stdout), { missing: [], orphans: [], repaired: { orphans: 0, media: 0 } })
      assert.includeMembers(idsOf(await installation.rows('media')), media)
      assert.deepEqual(await deployment.storedKeys(), await installation.ownedKeys())
      await server.kill('SIGTERM')
    })
  })
}

/** 50 uploads, and a post of every second one right after it: what was answered, until the server is gone. */
async function traffic(account: Account, pictures: Buffer[], answered: () => void) {
  const media: string[] = []
  const posts: string[] = []
  const strange: string[] = []
  let next = 0

  const lane = async () => {
    while (next < UPLOADS) {
      const number = next++
      const uploaded = await account.upload(pictures[number % pictures.length])
      answered()
      if (uploaded.status !== 201) strange.push(uploaded.body.toString())
      else media.push(uploaded.json.data.id)
      if (uploaded.status !== 201 || number % 2 === 0) continue
      const published = await account.publish([uploaded.json.data.id])
      if (published.status === 201) posts.push(published.json.data.id)
      else strange.push(published.body.toString())
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: AT_ONCE }, lane))
  return { media, posts, strange, cutOff: lanes.filter(({ status }) => status === 'rejected').length }
}

/** Kills the server at the moment that comes after it has answered so many uploads. */
function killAfter(server: ServerProcess, answers: number, moment: () => Promise<unknown>) {
  const { promise: killed, resolve, reject } = Promise.withResolvers<void>()
  const kill = () => server.kill('SIGKILL')
  let left = Math.floor(answers)
  const answered = () => void (--left === 0 && moment().then(kill).then(resolve, reject))
  return { killed, answered }
}

function idsOf(rows: { id: string }[]) {
  return rows.map(({ id }) => id)
}
