import type { Node, Placed } from './tree.js'

/**
 * What can be wrong with a node. `other` names the node that it is at odds with.
 *
 * - `null-bounds`: it has no place.
 * - `swapped-bounds`: its left bound is not below its right one.
 * - `out-of-range`: a bound is none of the labels.
 * - `duplicate-label`: another bound has the same label.
 * - `crossing`: its interval begins inside another and ends outside.
 * - `orphan`: its parent is missing, or of another tree.
 * - `cycle`: it is its own ancestor.
 * - `outside-parent`: its interval is not strictly inside its parent's.
 * - `inside-another`: its interval is inside that of a node that is no ancestor.
 * - `wrong-depth`: it has another number of ancestors.
 */
export interface Problem {
  id: string
  problem:
    | 'null-bounds'
    | 'swapped-bounds'
    | 'out-of-range'
    | 'duplicate-label'
    | 'crossing'
    | 'orphan'
    | 'cycle'
    | 'outside-parent'
    | 'inside-another'
    | 'wrong-depth'
  other?: string | null
}

/** What is wrong in a tree, given all of its rows. */
export function problemsOf(nodes: Node[], bits: number): Problem[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const rings = cyclic(byId)
  const depths = depthsOf(byId, rings)
  const intervals = nodes.filter(isInterval).sort((one, other) => one.lft - other.lft)
  return [
    ...nodes.flatMap((node) => boundsOf(node, 2 ** bits)),
    ...duplicates(nodes),
    ...nodes.flatMap((node) => parentage(node, byId, rings, depths)),
    ...nesting(intervals),
  ]
}

/** The nodes of which each is its own ancestor. */
export function cyclic(byId: Map<string, Node>): Set<string> {
  const state = new Map<string, 'open' | 'done'>()
  const found = new Set<string>()
  for (const start of byId.keys()) {
    const path: string[] = []
    let id: string | null = start
    while (id !== null && byId.has(id) && !state.has(id)) {
      state.set(id, 'open')
      path.push(id)
      id = byId.get(id)!.parent_id
    }
    if (id !== null && state.get(id) === 'open') for (const each of path.slice(path.indexOf(id))) found.add(each)
    for (const each of path) state.set(each, 'done')
  }
  return found
}

/** How many ancestors each node has by `parent_id`; none for those in a cycle and below one. */
function depthsOf(byId: Map<string, Node>, rings: Set<string>): Map<string, number> {
  const depths = new Map<string, number>()
  for (const start of byId.keys()) {
    const path: string[] = []
    let id: string | null = start
    while (id !== null && byId.has(id) && !depths.has(id) && !rings.has(id)) {
      path.push(id)
      id = byId.get(id)!.parent_id
    }
    if (id !== null && rings.has(id)) continue
    let depth = id === null ? -1 : (depths.get(id) ?? -1)
    for (const each of path.reverse()) depths.set(each, ++depth)
  }
  return depths
}

function isInterval(node: Node): node is Placed {
  return node.lft !== null && node.rgt !== null && node.lft < node.rgt
}

function boundsOf({ id, lft, rgt }: Node, end: number): Problem[] {
  if (lft === null || rgt === null) return [{ id, problem: 'null-bounds' }]
  const problems: Problem[] = []
  if (lft >= rgt) problems.push({ id, problem: 'swapped-bounds' })
  if (Math.min(lft, rgt) < 0 || Math.max(lft, rgt) >= end) problems.push({ id, problem: 'out-of-range' })
  return problems
}

function duplicates(nodes: Node[]): Problem[] {
  const owners = new Map<number, string>()
  const problems: Problem[] = []
  for (const { id, lft, rgt } of nodes) {
    for (const label of [lft, rgt]) {
      if (label === null) continue
      if (owners.has(label)) problems.push({ id, problem: 'duplicate-label', other: owners.get(label)! })
      else owners.set(label, id)
    }
  }
  return problems
}

function parentage(node: Node, byId: Map<string, Node>, rings: Set<string>, depths: Map<string, number>): Problem[] {
  const { id, parent_id: other, depth } = node
  const parent = other === null ? null : byId.get(other)
  if (parent === undefined) return [{ id, problem: 'orphan', other }]
  const problems: Problem[] = []
  if (rings.has(id)) problems.push({ id, problem: 'cycle', other })
  else if (depths.has(id) && depths.get(id) !== depth) problems.push({ id, problem: 'wrong-depth' })
  const isOutside =
    parent && isInterval(parent) && isInterval(node) && (node.lft <= parent.lft || node.rgt >= parent.rgt)
  if (isOutside) problems.push({ id, problem: 'outside-parent', other })
  return problems
}

/** @param intervals sorted by their left bounds. */
function nesting(intervals: Placed[]): Problem[] {
  const problems: Problem[] = []
  const open: Placed[] = []
  for (const node of intervals) {
    while (open.length > 0 && open.at(-1)!.rgt < node.lft) open.pop()
    const around = open.at(-1)
    if (around && around.rgt < node.rgt) problems.push({ id: node.id, problem: 'crossing', other: around.id })
    else if (around && around.id !== node.parent_id)
      problems.push({ id: node.id, problem: 'inside-another', other: around.id })
    open.push(node)
  }
  return problems
}
