import { Exception } from '@adonisjs/core/exceptions'

/** Thrown for a move of a node below itself; nothing was written. */
export class E_INSIDE_ITSELF extends Exception {
  static status = 409
  static code = 'E_INSIDE_ITSELF'
  static message = 'A node cannot move below itself. Move it elsewhere, or its descendant out of it first.'
}

/** Thrown when the node, or the one it was to go to, was deleted meanwhile. */
export class E_NODE_GONE extends Exception {
  static status = 404
  static code = 'E_NODE_GONE'
  static message = 'The node is no longer there: it was deleted for good.'
}

/** Thrown for a move to another tree. */
export class E_ANOTHER_TREE extends Exception {
  static status = 409
  static code = 'E_ANOTHER_TREE'
  static message = 'The two nodes belong to different trees. Make a new node there instead.'
}

/** Thrown for a row that was saved, or whose parent was changed, without saying where it stands among its siblings. */
export class E_UNPLACED extends Exception {
  static status = 500
  static code = 'E_UNPLACED'
  static message =
    'Say where the node goes: appendTo, prependTo, insertAt, moveTo or makeRoot. fixTree places old rows.'
}

/** Thrown when a tree has as many nodes as there are labels for. */
export class E_TREE_FULL extends Exception {
  static status = 507
  static code = 'E_TREE_FULL'
  static message = 'The tree has no labels left. Raise labelBits (52 at most), then run fixTree.'
}

/** Thrown for a declaration that cannot be kept; the message says which. */
export class E_NESTED_SET_CONFIG extends Exception {
  static status = 500
  static code = 'E_NESTED_SET_CONFIG'
}
