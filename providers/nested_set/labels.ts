/*
 * The arithmetic of labels, without a database. A tree is a list of labels in order, two for each node, and an insert is
 * one in that list: M. A. Bender, R. Cole, E. D. Demaine, M. Farach-Colton, J. Zito, "Two simplified algorithms for
 * maintaining order in a list", ESA 2002.
 */

/** 2^52 labels: each is a safe integer, and so is one beyond the last. */
export const MAX_BITS = 52

/** The free labels between two taken ones. */
export interface Gap {
  after: number
  before: number
}

/**
 * What will come next to labels that are placed now: `inside` takes nearly all of the gap, for a first child; `after` and
 * `before` stay close to that end and leave the rest to the next sibling; `middle` halves it.
 */
export type Side = 'inside' | 'after' | 'before' | 'middle'

/** Evenly spaced labels: `first`, `first + step`, … */
export interface Row {
  first: number
  step: number
}

/** An aligned range of labels, and how many may be taken in it. */
export interface Level {
  low: number
  high: number
  capacity: number
}

/**
 * Places labels in a gap. Margins are the square root of the gap, so a gap of 2^34 takes some 2^18 siblings one after the
 * other, and as many generations of first children, before anything has to be relabelled.
 *
 * @param count how many labels: two for each node.
 * @returns null where they do not fit.
 */
export function place({ after, before }: Gap, count: number, side: Side): Row | null {
  const free = before - after - 1
  if (free < count) return null
  const root = Math.floor(Math.sqrt(free))
  const margin = free + 1 - 2 * root < count - 1 ? 1 : root
  const widest = Math.floor((free + 1 - 2 * margin) / (count - 1))
  const step = side === 'inside' ? widest : Math.min(margin, widest)
  const width = step * (count - 1)
  if (side === 'before') return { first: before - margin - width, step }
  if (side === 'middle') return { first: after + 1 + Math.floor((free - 1 - width) / 2), step }
  return { first: after + margin, step }
}

/**
 * The ranges around a label that may be relabelled, from the smallest: of size 2^i, and with a density of at most T^-i,
 * where T is as large as a tree of twice the present size allows.
 *
 * @param nodes of the tree; two labels each.
 */
export function levelsAround(label: number, bits: number, nodes: number): Level[] {
  const exponent = Math.min(1, Math.log2(Math.max(64, 4 * nodes)) / bits)
  const near = Math.min(Math.max(label, 0), 2 ** bits - 1)
  return Array.from({ length: bits }, (_, index) => {
    const size = 2 ** (index + 1)
    const low = Math.floor(near / size) * size
    return { low, high: low + size - 1, capacity: Math.min(size - 1, Math.floor(2 ** ((index + 1) * exponent))) }
  })
}

/** Labels for a whole range, evenly spaced. */
export function spread(low: number, high: number, count: number): Row {
  const step = Math.floor((high - low + 1) / (count + 1))
  return { first: low + step, step }
}
