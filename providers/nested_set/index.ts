export * from './errors.js'
export { dropNestedSet, nestedSet } from './migrations.js'
export { type Branch, NestedSet, type Position } from './mixin.js'
export { type Problem } from './problems.js'
