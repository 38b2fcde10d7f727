import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { defineConfig } from '#providers/media/define_config'
import { compete, median, type Row } from './contest.js'
import { BenchError, type Workbench } from './harness.js'
import type { Ask } from './load.js'
import { photographs } from './photographs.js'
import { postPath } from './posts.js'
import { asksFor, seed } from './seed.js'

const PHOTOGRAPHS = 8
const UPLOADS_AT_ONCE = 8
const READING = { rate: 50, seconds: 4 }

/** Taking in photographs, beside plain sharp: photographs a second, and what it does to who reads a post meanwhile. */
export async function media(bench: Workbench): Promise<Row[]> {
  await bench.build()
  const seeded = await seed(await bench.migrate(), { authors: 20, postsOfEach: 50 })
  const taken = await photographs(PHOTOGRAPHS)
  const files = await Promise.all(taken.map((photograph, index) => store(bench, `${index}.jpg`, photograph)))
  const uploads = asksFor(seeded, ['/v1/media'], PHOTOGRAPHS).map((ask, index) => toUpload(ask, taken[index]))
  const reads = asksFor(seeded, seeded.postIds.map(postPath), READING.rate * READING.seconds)
  const url = await bench.serve(bench.built('bin/server.js'))

  const upload = (times: number) => {
    const asks = Array.from({ length: times }, () => uploads).flat()
    return bench.load({ kind: 'all', url, asks, connections: UPLOADS_AT_ONCE })
  }
  const read = async () => median((await bench.load({ kind: 'paced', url, asks: reads, ...READING })).latencies)
  return [
    await compete({
      case: 'photographs, beside plain sharp',
      unit: 'photographs/s',
      goal: 0.9,
      ours: async () => (await upload(2)).throughput,
      reference: () => plainSharp(bench, [...files, ...files]),
    }),
    await compete({
      case: 'a post during 8 uploads, beside idle',
      unit: 'ms',
      goal: 3,
      better: 'lower',
      ours: () => meanwhile(upload(4), read),
      reference: read,
    }),
  ]
}

async function plainSharp(bench: Workbench, files: string[]): Promise<number> {
  const { picturesAtOnce } = defineConfig()
  return Number(await bench.run('tests/bench/references/media.ts', [String(picturesAtOnce), ...files]))
}

/** What is measured during other work, which must outlast it. */
async function meanwhile(other: Promise<unknown>, measure: () => Promise<number>): Promise<number> {
  let isOver = false
  const over = other.finally(() => (isOver = true))
  const figure = await measure()
  if (isOver) throw new BenchError('The uploads were over before the reading was: give them more to do.')
  await over
  return figure
}

async function store(bench: Workbench, name: string, photograph: Buffer): Promise<string> {
  const file = path.join(bench.folder, name)
  await writeFile(file, photograph)
  return file
}

function toUpload(ask: Ask, photograph: Buffer): Ask {
  const boundary = 'photograph-of-the-bench'
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), photograph, Buffer.from(`\r\n--${boundary}--\r\n`)])
  const headers = { ...ask.headers, 'content-type': `multipart/form-data; boundary=${boundary}` }
  return { ...ask, method: 'POST', headers, body: body.toString('base64') }
}
