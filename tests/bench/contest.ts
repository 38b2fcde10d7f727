import { say } from './harness.js'

/** One line of the table. */
export interface Row {
  case: string
  ours: number
  reference: number
  unit: string
  /** Ours divided by the reference. */
  ratio: number
  /** Null where the figures are only to be seen. */
  goal: number | null
  /** Whether the ratio is to be the goal at least (`higher`) or at most (`lower`). */
  better: 'higher' | 'lower'
  ok: boolean
}

export interface Contest extends Pick<Row, 'case' | 'unit' | 'goal'> {
  better?: Row['better']
  /** Measures once, in the unit. */
  ours: () => Promise<number>
  reference: () => Promise<number>
}

const ROUNDS = 5

/** Measures ours and the reference in turns, once to warm both up and then for the medians of five rounds. */
export async function compete({ better = 'higher', ours, reference, unit, goal, ...contest }: Contest): Promise<Row> {
  say(`${contest.case} (${unit})`)
  const figures: { ours: number[]; reference: number[] } = { ours: [], reference: [] }
  for (let round = 0; round <= ROUNDS; round++) {
    const [our, their] = [await ours(), await reference()]
    say(`  ${round === 0 ? 'warm-up' : `round ${round}`}: ours ${rounded(our)}, reference ${rounded(their)}`)
    if (round === 0) continue
    figures.ours.push(our)
    figures.reference.push(their)
  }
  const medians = { ours: rounded(median(figures.ours)), reference: rounded(median(figures.reference)) }
  const ratio = Number((medians.ours / medians.reference).toFixed(3))
  return { ...contest, ...medians, unit, ratio, goal, better, ok: isMet(ratio, goal, better) }
}

function isMet(ratio: number, goal: number | null, better: Row['better']) {
  return goal === null || (better === 'higher' ? ratio >= goal : ratio <= goal)
}

export function median(figures: number[]): number {
  const sorted = figures.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function rounded(figure: number) {
  return Number(figure.toFixed(figure < 100 ? 2 : 0))
}
