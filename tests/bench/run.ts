/*
 * Measures the server beside a reference:
 *
 *   npm run bench                        lists the benchmarks
 *   npm run bench -- NAME [--json FILE]  runs one; ends with 1 where a goal is missed
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Row } from './contest.js'
import { Workbench } from './harness.js'

interface Benchmark {
  about: string
  load: () => Promise<(bench: Workbench) => Promise<Row[]>>
}

const benchmarks: Record<string, Benchmark> = {
  http: {
    about: 'an empty route, beside bare node:http, and what each middleware costs',
    load: async () => (await import('./http.js')).http,
  },
  posts: {
    about: 'reading posts, beside node:http and a driver',
    load: async () => (await import('./posts.js')).posts,
  },
  feed: {
    about: 'the home feed, beside an empty route and beside one statement',
    load: async () => (await import('./feed.js')).feed,
  },
  writes: {
    about: 'writing with counters and the change log, beside a driver',
    load: async () => (await import('./writes.js')).writes,
  },
  tree: { about: 'inserting into a tree, in four shapes', load: async () => (await import('./tree.js')).tree },
  media: { about: 'taking in photographs, beside plain sharp', load: async () => (await import('./media.js')).media },
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } })
const [name] = positionals

if (!name || !Object.hasOwn(benchmarks, name)) {
  if (name) console.error(`There is no benchmark "${name}".`)
  for (const [each, { about }] of Object.entries(benchmarks)) console.log(`${each.padEnd(10)}${about}`)
  process.exit(name ? 1 : 0)
}

const bench = await Workbench.create()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupted)

try {
  const rows = await (await benchmarks[name].load())(bench)
  print(rows)
  if (values.json) await writeFile(values.json, `${JSON.stringify({ name, rows }, null, 2)}\n`)
  process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await bench[Symbol.asyncDispose]()
}

/** The processes that end now make the run fail, which nobody needs to read of. */
async function interrupted(signal: NodeJS.Signals) {
  for (const each of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.removeListener(each, interrupted).on(each, () => {})
  await bench[Symbol.asyncDispose]()
  process.exit(signal === 'SIGINT' ? 130 : 143)
}

function print(rows: Row[]) {
  const head = ['case', 'ours', 'reference', 'unit', 'ratio', 'goal', 'ok']
  const lines = rows.map(({ ours, reference, unit, ratio, goal, better, ok, ...row }) => {
    const figures = [ours, reference].map((figure) => figure.toLocaleString('en'))
    return [
      row.case,
      ...figures,
      unit,
      ratio.toFixed(2),
      goal === null ? '' : `${better === 'higher' ? '≥' : '≤'} ${goal}`,
      ok ? '✔' : '✘',
    ]
  })
  const widths = head.map((title, index) =>
    Math.max(...[head, ...lines].map((line) => line[index].length), title.length)
  )
  for (const line of [head, ...lines]) console.log(line.map((cell, index) => cell.padEnd(widths[index])).join('  '))
}
