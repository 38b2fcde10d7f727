import limiter from '@adonisjs/limiter/services/main'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { Asker } from '#tests/functional/visibility/asker'
import { Eyes } from '#tests/functional/visibility/eyes'
import { Inspection } from '#tests/functional/visibility/inspection'
import { readRoutes, type Route } from '#tests/functional/visibility/routes'
import { type Combination, RELATIONS, STATES, World } from '#tests/functional/visibility/world'
import { cleanUp } from '#tests/helpers'

let routes: Route[]
let combinations = 0

/** What is wrong in a world; `doctor` may spoil what the test believes, and then everything should be. */
async function problemsOf(combination: Combination, doctor = (_: World) => {}): Promise<string[]> {
  await emptied()
  const world = await World.build(combination)
  doctor(world)
  const inspection = new Inspection(world, await world.headers())
  await inspection.inspect(routes)
  combinations++
  const { relation, state, isPrivate } = combination
  const when = `${relation}, ${state} post, ${isPrivate ? 'private' : 'public'} account`
  return inspection.problems.map((problem) => `${when}: ${problem}`)
}

async function emptied() {
  await cleanUp()
  await limiter.clear()
  await db.from('hashtags').delete()
}

test.group('Who sees what', (group) => {
  group.setup(async () => void (routes = await readRoutes()))
  group.teardown(async () => {
    await emptied()
    console.log(`    ${Asker.requests} requests, ${combinations} combinations, ${routes.length} routes`)
  })

  for (const relation of Object.keys(RELATIONS) as Combination['relation'][]) {
    test(`is the same on every route: ${relation}`, async ({ assert }) => {
      const problems: string[] = []
      for (const state of STATES)
        for (const isPrivate of [false, true]) problems.push(...(await problemsOf({ relation, state, isPrivate })))
      assert.isEmpty(problems, problems.slice(0, 40).join('\n'))
    })
  }
})

test.group('The matrix itself', (group) => {
  group.setup(async () => void (routes = await readRoutes()))
  group.teardown(emptied)

  const follower = { relation: 'follower', state: 'public', isPrivate: false } as const

  test('finds what is shown and may not be, on each route that shows something', async ({ assert }) => {
    class Blind extends Eyes {
      account = () => false
      post = () => false
    }
    const problems = await problemsOf(follower, (world) => {
      world.eyes = world.everybody = new Blind(world.viewer, world)
    })
    for (const path of ['/ ', '/v1/users ', '/v1/users/\\S+ ', '/v1/users/\\S+/profile ', '/v1/users/\\S+/posts '])
      assert.isTrue(
        problems.some((problem) => new RegExp(`: ${path}shows account`).test(problem)),
        path
      )
    for (const path of ['/v1/users/\\S+ ', '/v1/posts/\\S+ ', '/files/\\S+ '])
      assert.isTrue(
        problems.some((problem) => new RegExp(`: ${path}tells that it is there`).test(problem)),
        path
      )
  })

  test('finds what is hidden and should not be', async ({ assert }) => {
    class AllSeeing extends Eyes {
      account = () => true
      post = () => true
    }
    const blocked = { relation: 'blocked', state: 'followers', isPrivate: true } as const
    const problems = await problemsOf(blocked, (world) => {
      world.eyes = world.everybody = new AllSeeing(world.viewer, world)
    })
    for (const path of ['/v1/users/\\S+', '/v1/users/\\S+/posts', '/v1/posts/\\S+', '/files/\\S+'])
      assert.isTrue(
        problems.some((problem) => new RegExp(`: ${path} answered 404`).test(problem)),
        path
      )
    for (const path of ['/', '/v1/users'])
      assert.isTrue(
        problems.some((problem) => problem.includes(`: ${path} does not show`)),
        path
      )
  })

  test('tells what it lacks for a route that it cannot fill', async ({ assert }) => {
    const route: any = (pattern: string) => ({ pattern, methods: ['GET', 'HEAD'], middleware: { all: () => [] } })
    const refusal = (pattern: string) =>
      readRoutes([route(pattern)]).then(
        () => '',
        ({ message }) => message
      )
    assert.match(
      await refusal('/v1/lenses/:id'),
      /GET \/v1\/lenses\/:id: add to NAMED in tests\/\S+ .* ":id" after "lenses"/
    )
    assert.match(await refusal('/v1/posts/:id/media/:n'), /several parameters/)
    assert.equal(await refusal('/v1/posts/:id/lenses'), '')
  })
})
