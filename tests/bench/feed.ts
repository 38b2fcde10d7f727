import { compete, median, type Row } from './contest.js'
import { type Crowd, crowd, FOLLOWED } from './crowd.js'
import { say, type Workbench } from './harness.js'
import type { Ask } from './load.js'
import { assertSameAnswers } from './posts.js'

const PAGE = '/v1/feed?limit=20'
const SECONDS = 3
const RATE = 40
const FEWEST = FOLLOWED[0]
const MOST = FOLLOWED.at(-1)!
const BUSY = 1000

/** Goals: the page of who follows most beside that of who follows fewest, the two ceilings, and publishing to half of all. */
const FLAT = 2
const OF_EMPTY_ROUTE = 0.25
const OF_ONE_STATEMENT = 0.6
const PUBLISHING = 3
const PUBLISHED = 80
const PAGES = 500

/** The home feed among 20,000 people and 200,000 posts. */
export async function feed(bench: Workbench): Promise<Row[]> {
  await bench.build()
  const database = await bench.migrate()
  say('Writing 200,000 posts, and who follows whom …')
  const people = await crowd(database)
  const ours = await bench.serve(bench.built('bin/server.js'))
  const reference = await bench.serve('tests/bench/references/posts.ts')
  const asksOf = (count: number) => feedAsks(people, count)
  await assertSameAnswers(asksOf(BUSY), ours, reference)

  const rows: Row[] = []
  for (const count of FOLLOWED.slice(1)) rows.push(...(await latency(count)))

  const asks = asksOf(BUSY)
  const rate = (url: string, what: Ask[]) => async () =>
    (await bench.load({ kind: 'saturating', url, asks: what, seconds: SECONDS, connections: 16 })).throughput
  const body = await (await fetch(ours + PAGE, { headers: asks[0].headers })).text()
  const empty = await bench.serve(await bench.buildWith('start/routes.js', sameBytes(body)))
  const emptyAsks = asks.map((ask) => ({ ...ask, path: '/v1/same-bytes' }))
  const pages = { unit: 'pages/s', ours: rate(ours, asks) }
  rows.push(
    await compete({
      ...pages,
      case: `${BUSY} followed, beside the same bytes of an empty route`,
      goal: OF_EMPTY_ROUTE,
      reference: rate(empty, emptyAsks),
    }),
    await compete({
      ...pages,
      case: `${BUSY} followed, beside one statement and node:http`,
      goal: OF_ONE_STATEMENT,
      reference: rate(reference, asks),
    })
  )

  rows.push(...(await counted()), await publishing(bench, ours, people))
  return rows

  /** Medians and p99s of a page, beside those of the page of who follows fewest. */
  async function latency(count: number): Promise<Row[]> {
    const p99s: Record<number, number[]> = { [count]: [], [FEWEST]: [] }
    const measure = (followed: number) => async () => {
      const load = { kind: 'paced', url: ours, asks: asksOf(followed), seconds: SECONDS, rate: RATE } as const
      const { latencies } = await bench.load(load)
      p99s[followed].push(quantileOf(latencies, 0.99))
      return median(latencies)
    }
    const [name, unit] = [`a page, ${count} followed, beside ${FEWEST}`, 'ms']
    const contest = { unit, goal: count === MOST ? FLAT : null, better: 'lower' } as const
    const row = await compete({ ...contest, case: name, ours: measure(count), reference: measure(FEWEST) })
    const [our, their] = [median(p99s[count].slice(1)), median(p99s[FEWEST].slice(1))]
    return [row, printed(`${name}: p99`, our, their, unit)]
  }

  /** What the database counts for a page, beside the page of who follows fewest. */
  async function counted(): Promise<Row[]> {
    const found: { statements: number; rows: number }[] = []
    let before = await database.counters()
    if (!before) return []
    for (const count of FOLLOWED) {
      await bench.load({ kind: 'all', url: ours, asks: times(asksOf(count), PAGES), connections: 4 })
      const after = (await database.counters())!
      found.push({
        statements: (after.statements - before.statements) / PAGES,
        rows: (after.rows - before.rows) / PAGES,
      })
      before = after
    }
    return (['statements', 'rows'] as const).flatMap((unit) =>
      found.map((figures, index) =>
        printed(`${unit} for a page, ${FOLLOWED[index]} followed`, figures[unit], found[0][unit], unit)
      )
    )
  }
}

function feedAsks({ readers }: Crowd, followed: number): Ask[] {
  return readers.get(followed)!.map((token) => ({ path: PAGE, headers: { authorization: `Bearer ${token}` } }))
}

function times<Item>(items: Item[], count: number): Item[] {
  return Array.from({ length: count }, (_, index) => items[index % items.length])
}

function sameBytes(body: string) {
  return `
    const BODY = ${JSON.stringify(body)}
    router.get('/v1/same-bytes', ({ response }) => response.header('Content-Type', 'application/json; charset=utf-8').send(BODY))
      .use(middleware.auth({ scope: 'read' }))
  `
}

async function publishing(bench: Workbench, url: string, { popular, quiet }: Crowd): Promise<Row> {
  const measure = (author: Crowd['popular']) => async () => {
    const asks = author.mediaIds.splice(0, PUBLISHED).map((id) => ({
      path: '/v1/posts',
      method: 'POST' as const,
      headers: { authorization: `Bearer ${author.token}`, 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ mediaIds: [id], caption: 'The harbour' })).toString('base64'),
    }))
    return median((await bench.load({ kind: 'paced', url, asks, seconds: 2, rate: PUBLISHED / 2 })).latencies)
  }
  const contest = { case: 'publishing to 10,000 followers, beside 10', unit: 'ms', goal: PUBLISHING } as const
  return compete({ ...contest, better: 'lower', ours: measure(popular), reference: measure(quiet) })
}

/** A line of the table that has no goal. */
function printed(name: string, ours: number, reference: number, unit: string): Row {
  return { case: name, ours, reference, unit, ratio: ours / reference, goal: null, better: 'lower', ok: true }
}

function quantileOf(figures: number[], at: number) {
  const sorted = figures.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))]
}
