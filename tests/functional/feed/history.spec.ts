import { randomInt } from 'node:crypto'
import { test } from '@japa/runner'
import { Feed } from '#models/feed'
import type User from '#models/user'
import { cleanUp } from '#tests/helpers'
import { randomOf } from '#tests/random'
import { World } from './world.js'

const ACTIONS = Number(process.env.FEED_ACTIONS ?? 1500)
const PEOPLE = 20

/** How many accounts one follows only decides how a page is looked for: whatever it says, the page is the same. */
const CLAIMS = [0, 3, 151, 1000, 2001]

test.group('The home feed through a random history', (group) => {
  group.each.setup(cleanUp)
  group.each.teardown(cleanUp)

  test(`is the one computed naively, after each of ${ACTIONS} actions of ${PEOPLE} people`, async ({ assert }) => {
    const seed = Number(process.env.SEED ?? randomInt(2 ** 31))
    const { pick, below } = randomOf(seed)
    console.log(`    seed ${seed}`)
    const world = new World(pick)
    await world.populate(PEOPLE)
    const actions = world.actions.flatMap(([often, action]) => Array.from({ length: often }, () => action))

    for (let index = 0; index < ACTIONS; index++) {
      await pick(actions)()
      const reader = pick(world.people)
      const expected = world.feedOf(reader)
      const found = await pagesOf(reader, { limit: 1 + below(30), pages: 1 + below(4) })
      assert.deepEqual(found.ids, expected.slice(0, found.ids.length), `after action ${index}`)
      assert.equal(found.isEnd, found.ids.length === expected.length, `after action ${index}`)
    }
    assert.deepEqual(await world.differences(), [])

    /** The first pages, as many as asked for. */
    async function pagesOf(reader: User, { limit, pages }: { limit: number; pages: number }) {
      const ids: string[] = []
      let cursor: string | undefined
      for (let page = 0; page < pages; page++) {
        reader.followingCount = pick(CLAIMS)
        const { albums, nextCursor } = await Feed.of(reader, { limit, cursor })
        ids.push(...albums.map(({ id }) => id))
        if (!nextCursor) return { ids, isEnd: true }
        cursor = nextCursor
      }
      return { ids, isEnd: false }
    }
  }).timeout(600_000)
})
