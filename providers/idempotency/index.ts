export { defineConfig, type IdempotencyConfig } from './define_config.js'
export * from './errors.js'
export { Idempotency, type Creation } from './idempotency.js'
export { createIdempotencyTable, dropIdempotencyTable } from './table.js'
