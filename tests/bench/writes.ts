import { compete, type Row } from './contest.js'
import { say, type Workbench } from './harness.js'
import { seed } from './seed.js'

const SECONDS = 4
/** Our counter is one trigger and the log another, in one statement; beside the same three statements from a driver. */
const LIKES = 0.6
const BULK = 4
const DELAY_MS = 1000

interface Figures {
  throughput: number
  next: number
  /** Milliseconds until what was in the log at the end was delivered. */
  delay: number
  /** What the table of changes takes on the disk, after that. */
  bytes: number
}

/** Writing with counters and the change log, beside a driver that does the same by hand. */
export async function writes(bench: Workbench): Promise<Row[]> {
  await bench.build()
  const database = await bench.migrate()
  const isPostgres = database.settings.DB_CONNECTION === 'postgres'
  say('Writing 10,000 posts …')
  await seed(database, { authors: 1000, postsOfEach: 10 })
  await database.copy(['posts', 'post_likes', 'changes'], 'reference_')
  await database.analyze()

  const measure = async (program: string, work: string, from: number) => {
    const output = await bench.run(program, [`--work=${work}`, `--from=${from}`, `--seconds=${SECONDS}`])
    return JSON.parse(output.trim().split('\n').at(-1)!)
  }
  const liking =
    (program: string, rounds: Figures[] = []) =>
    async () => {
      const figures: Figures = await measure(program, 'likes', rounds.at(-1)?.next ?? 0)
      rounds.push(figures)
      return figures.throughput
    }
  let bulks = 0
  const updating = (program: string) => async () => (await measure(program, 'bulk', bulks++)).ms as number

  const [OURS, REFERENCE] = ['tests/bench/writing.ts', 'tests/bench/references/writes.ts']
  const rounds: Figures[] = []
  const likes = await compete({
    case: 'a like, its counter and its change, 16 at once',
    unit: 'likes/s',
    goal: isPostgres ? LIKES : null,
    ours: liking(OURS, rounds),
    reference: liking(REFERENCE, []),
  })
  const bulk = await compete({
    case: 'an update of 10,000 posts, beside no triggers',
    unit: 'ms',
    goal: isPostgres ? BULK : null,
    better: 'lower',
    ours: updating(OURS),
    reference: updating(REFERENCE),
  })
  const slowest = Math.max(...rounds.map(({ delay }) => delay))
  const [, second, ...later] = rounds.map(({ bytes }) => bytes)
  return [
    likes,
    limit('the longest delay of the relay, beside a second', 'ms', slowest, DELAY_MS, 1),
    limit('the table of changes in the last round, beside the first', 'kB', later.at(-1)! / 1000, second / 1000, 1.2),
    bulk,
  ]
}

function limit(name: string, unit: string, ours: number, reference: number, goal: number): Row {
  const figures = { ours: Math.round(ours), reference: Math.round(reference) }
  const ratio = reference === 0 ? ours : Number((ours / reference).toFixed(3))
  return { case: name, ...figures, unit, ratio, goal, better: 'lower', ok: ratio <= goal }
}
