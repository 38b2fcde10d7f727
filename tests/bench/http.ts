import { readFile } from 'node:fs/promises'
import { compete, type Row } from './contest.js'
import type { Workbench } from './harness.js'
import type { Ask } from './load.js'
import { asksFor, seed } from './seed.js'

const GOAL = 0.5
const SECONDS = 2

/** Where the layers around each request are listed, and what is imported there. */
const LISTS: Record<string, RegExp> = {
  'start/kernel.js': /^ +\(\) => import\('(#middleware\/\w+)'\)/gm,
  'adonisrc.js': /import\('(#providers\/envelope\/provider)'\)/g,
}

/** A route that looks at the token and does nothing else. */
const ROUTE = `
  router.get('/v1/nothing', ({ response }) => response.json({ status: 'ok' })).use(middleware.auth({ scope: 'read' }))
`

/** An empty route beside a constant answer of node:http: requests a second; and the processor time of each layer. */
export async function http(bench: Workbench): Promise<Row[]> {
  await bench.build()
  const seeded = await seed(await bench.migrate(), { authors: 10, postsOfEach: 1 })
  const empty: Ask[] = [{ path: '/health/live', headers: {} }]
  const authenticated = asksFor(seeded, ['/v1/nothing'], 1000)

  const load = (url: string, asks: Ask[]) =>
    bench.load({ kind: 'saturating', url, asks, seconds: SECONDS, connections: 16 })
  const rate = (url: string, asks: Ask[]) => async () => (await load(url, asks)).throughput
  const reference = await bench.serve('tests/bench/references/http.ts')
  const checking = await bench.serve('tests/bench/references/posts.ts')
  const ours = await bench.serve(await bench.buildWith('start/routes.js', ROUTE))
  const rows: Row[] = []
  for (const [name, asks, beside, goal] of [
    ['an empty authenticated route', authenticated, reference, GOAL],
    ['the same, beside one statement for the token', authenticated, checking, null],
    ['an empty route that looks at no token', empty, reference, null],
  ] as const) {
    const contest = { case: name, unit: 'requests/s', goal }
    rows.push(await compete({ ...contest, ours: rate(ours, asks), reference: rate(beside, asks) }))
  }

  /** Microseconds of processor time that a server spends on a request. */
  const cost = async (url: string, asks: Ask[]) => {
    const before = await bench.cpuTime(url)
    const { throughput } = await load(url, asks)
    return (((await bench.cpuTime(url)) - before) / (throughput * SECONDS)) * 1000
  }
  const time = { unit: 'µs', goal: null, better: 'lower' } as const
  rows.push(
    await compete({
      ...time,
      case: 'its processor time',
      ours: () => cost(ours, empty),
      reference: () => cost(reference, empty),
    })
  )
  for (const [file, imports] of Object.entries(LISTS)) {
    const text = await readFile(bench.built(file), 'utf8')
    for (const [, name] of text.matchAll(imports)) {
      // Both as young: a server that has answered something else before takes longer.
      const whole = await bench.serve(bench.built('bin/server.js'))
      const without = await bench.serve(await bench.buildWithout(file, name))
      const contest = { ...time, case: `with ${name}, and without` }
      rows.push(await compete({ ...contest, ours: () => cost(whole, empty), reference: () => cost(without, empty) }))
    }
  }
  return rows
}
