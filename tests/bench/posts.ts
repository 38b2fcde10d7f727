import assert from 'node:assert/strict'
import { compete, type Row } from './contest.js'
import { say, type Workbench } from './harness.js'
import type { Ask } from './load.js'
import { asksFor, seed } from './seed.js'

const GOAL = 0.6
const SECONDS = 4
const SAMPLE = 50

/** Reading a post and a grid of 30 among 100,000 posts, beside node:http and a driver: requests a second. */
export async function posts(bench: Workbench): Promise<Row[]> {
  await bench.build()
  const database = await bench.migrate()
  say('Writing 100,000 posts …')
  const seeded = await seed(database, { authors: 1000, postsOfEach: 100, hasMarks: true })
  const [postPaths, gridPaths] = [seeded.postIds.map(postPath), seeded.usernames.map(gridPath)]

  const ours = await bench.serve(bench.built('bin/server.js'))
  const reference = await bench.serve('tests/bench/references/posts.ts')
  const rows: Row[] = []
  for (const [name, paths] of Object.entries({ 'a post': postPaths, 'a grid of 30': gridPaths })) {
    const asks = asksFor(seeded, paths, 16_000)
    await assertSameAnswers(asks.slice(0, SAMPLE), ours, reference)
    const rate = (url: string) => async () =>
      (await bench.load({ kind: 'saturating', url, asks, seconds: SECONDS, connections: 16 })).throughput
    rows.push(
      await compete({ case: name, unit: 'requests/s', goal: GOAL, ours: rate(ours), reference: rate(reference) })
    )
  }
  return rows
}

export const postPath = (id: string) => `/v1/posts/${id}`
const gridPath = (username: string) => `/v1/users/${username}/posts?limit=30`

/** The same bytes of the same type to those who may ask, and the same refusal to a token with a wrong secret. */
export async function assertSameAnswers(asks: Ask[], ours: string, reference: string) {
  for (const ask of asks) {
    const [our, their] = await Promise.all([answer(ours, ask), answer(reference, ask)])
    assert.equal(our.status, 200, our.body)
    assert.deepEqual(their, our)
  }
  const [{ path, headers }] = asks
  const wrong = { path, headers: { authorization: headers.authorization.replace(/.{3}$/, 'AAA') } }
  const refusals = await Promise.all([answer(ours, wrong), answer(reference, wrong)])
  assert.deepEqual(
    refusals.map(({ status }) => status),
    [401, 401]
  )
}

async function answer(url: string, { path, headers }: Ask) {
  const response = await fetch(url + path, { headers })
  const { status } = response
  return {
    status,
    type: response.headers.get('content-type'),
    link: response.headers.get('link'),
    body: await response.text(),
  }
}
