export { type Counters, type Counts } from './counter.js'
export { CounterCache, type Comparison, type Drift } from './counters.js'
export { defineConfig, type CounterCacheConfig } from './define_config.js'
export * from './errors.js'
