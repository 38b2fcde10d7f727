import { type Row } from './contest.js'
import { say, type Workbench } from './harness.js'
import { seed } from './seed.js'

/** A hundred thousand take twelve minutes: TREE_SIZES=1000,10000,100000. */
const SIZES = (process.env.TREE_SIZES ?? '1000,10000,20000').split(',').map(Number)
const SHAPES = ['flat', 'random', 'newest', 'chains'] as const
const ROWS = 10
const SLOWDOWN = 1.5
const PAGE_SLOWDOWN = 1.3

const ABOUT = {
  flat: 'the last child of one',
  random: 'a reply to anyone',
  newest: 'a reply to the newest',
  chains: 'chains of 64',
}

interface Figures {
  /** Rows written for each insert, the new one among them. */
  rows: number
  /** Milliseconds, and those of inserts into a tree of a thousand meanwhile. */
  median: number
  small: number
  worst: number
  relabelled: number
  /** Milliseconds for the first page of such a thread, and of the first one meanwhile. */
  page: number
  smallPage: number
}

/** Inserts into one tree, and what they write and take when it has so many nodes. */
export async function tree(bench: Workbench): Promise<Row[]> {
  const database = await bench.database()
  await bench.run('ace.js', ['migration:run', '--force'])
  await seed(database, { authors: 100, postsOfEach: 10 })
  const rows: Row[] = []
  for (const shape of SHAPES) {
    const output = await bench.run('tests/bench/planting.ts', [`--shape=${shape}`, `--sizes=${SIZES.join()}`])
    const figures: Figures[] = JSON.parse(output.trim().split('\n').at(-1)!)
    for (const [index, { median, small, worst, relabelled, rows: written, page, smallPage }] of figures.entries()) {
      const size = SIZES[index].toLocaleString('en')
      say(
        `${ABOUT[shape]}, ${size}: ${written} rows, median ${median} ms beside ${small}, worst ${worst} ms, ${relabelled} relabelled; a page ${page} ms beside ${smallPage}`
      )
    }
    const { rows: written, median, small, page, smallPage } = figures.at(-1)!
    const [least, most] = [SIZES[0], SIZES.at(-1)!].map((size) => size.toLocaleString('en'))
    rows.push(limit(`${ABOUT[shape]}: rows an insert writes, up to ${most}`, 'rows', written, 1, ROWS))
    rows.push(limit(`${ABOUT[shape]}: an insert at ${most}, beside 1,000`, 'ms', median, small, SLOWDOWN))
    rows.push(
      limit(`${ABOUT[shape]}: the first page at ${most}, beside ${least}`, 'ms', page, smallPage, PAGE_SLOWDOWN)
    )
  }
  return rows
}

function limit(name: string, unit: string, ours: number, reference: number, goal: number): Row {
  const ratio = Number((ours / reference).toFixed(3))
  return { case: name, ours, reference, unit, ratio, goal, better: 'lower', ok: ratio <= goal }
}
