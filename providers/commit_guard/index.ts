export { E_COMMIT_FAILED } from './errors.js'
export { beforeCommit, guardCommits, onCommitted, transactionId, type Committed } from './guard.js'
