import { E_NODE_GONE, E_TREE_FULL } from './errors.js'
import { place, spread } from './labels.js'
import { cyclic, problemsOf } from './problems.js'
import type { Node, Placed, Tree } from './tree.js'

/**
 * Rebuilds a tree from `parent_id`, siblings in the order of their old left bounds and then of their ids. Orphans and nodes
 * in a cycle become roots.
 *
 * @returns how many rows were written: none where nothing is wrong.
 */
export async function rebuild(tree: Tree): Promise<number> {
  const nodes = await tree.all()
  if (problemsOf(nodes, tree.bits).length === 0) return 0
  const rings = cyclic(new Map(nodes.map((node) => [node.id, node])))
  const known = new Set(nodes.map(({ id }) => id))
  const isRoot = ({ id, parent_id: parent }: Node) => parent === null || !known.has(parent) || rings.has(id)
  const mended = nodes.map((node) => (isRoot(node) ? { ...node, parent_id: null } : node))
  const { first, step } = spread(0, tree.end - 1, 2 * nodes.length)
  if (step < 1) throw new E_TREE_FULL()
  return write(tree, nodes, number(mended, null, -1, first, step))
}

/**
 * As `rebuild`, below one node; the whole tree where what is wrong lies not there alone.
 *
 * @returns how many rows were written.
 * @throws E_NODE_GONE
 */
export async function rebuildBelow(tree: Tree, id: string): Promise<number> {
  const [root] = await tree.nodes([id])
  if (!root) throw new E_NODE_GONE()
  const below = await tree.below(id)
  // Depths below follow from its own.
  const isAstray = root.depth !== (await tree.depthOf(id))
  const row = isAstray ? null : await roomBelow(tree, root, below)
  if (!row) return rebuild(tree)
  if (below.length === 0) return 0
  const top = { ...root, parent_id: null, depth: 0 }
  const relative = below.map((node) => ({ ...node, depth: node.depth - root.depth }))
  if (problemsOf([top, ...relative], tree.bits).length === 0) return 0
  return write(tree, below, number(below, id, root.depth, row.first, row.step))
}

/** Null where the node's interval is none, holds somebody else, or is too small. */
async function roomBelow(tree: Tree, root: Node, below: Node[]) {
  const { lft, rgt } = root
  const ids = new Set(below.map(({ id }) => id))
  if (lft === null || rgt === null || lft >= rgt || ids.has(root.id)) return null
  const strangers = (await tree.among(lft, rgt)).filter(({ id }) => id !== root.id && !ids.has(id))
  if (strangers.length > 0) return null
  return place({ after: lft, before: rgt }, Math.max(2, 2 * below.length), 'inside')
}

/** The nodes below a parent, with new bounds and depths. */
function number(nodes: Node[], parent: string | null, depth: number, first: number, step: number): Placed[] {
  const children = Map.groupBy(nodes, (node) => node.parent_id)
  for (const siblings of children.values()) siblings.sort(inOrder)
  const numbered: Placed[] = []
  let label = first - step
  const open = (node: Node, level: number) => {
    const placed = { ...node, lft: (label += step), rgt: 0, depth: level }
    numbered.push(placed)
    return { placed, rest: (children.get(node.id) ?? []).values() }
  }
  for (const top of children.get(parent) ?? []) {
    const path = [open(top, depth + 1)]
    while (path.length > 0) {
      const { placed, rest } = path.at(-1)!
      const { value: child } = rest.next()
      if (child) path.push(open(child, placed.depth + 1))
      else {
        placed.rgt = label += step
        path.pop()
      }
    }
  }
  return numbered
}

async function write(tree: Tree, before: Node[], after: Placed[]): Promise<number> {
  const old = new Map(before.map((node) => [node.id, node]))
  const changed = after.filter((node) => COLUMNS.some((column) => old.get(node.id)![column] !== node[column]))
  await tree.rewrite(changed)
  return changed.length
}

const COLUMNS = ['parent_id', 'lft', 'rgt', 'depth'] as const

function inOrder(one: Node, other: Node): number {
  return (one.lft ?? Infinity) - (other.lft ?? Infinity) || (one.id < other.id ? -1 : 1)
}
