export { E_COMMIT_FAILED } from './errors.js'
export { guardCommits, onCommitted, transactionId, type Committed } from './guard.js'
