import type { LucidModel } from '@adonisjs/lucid/types/model'

/** What `config/counter_cache.ts` exports. */
export interface CounterCacheConfig {
  /** The models that declare `static counters`. */
  models: (() => Promise<{ default: LucidModel }>)[]
}

/** The configuration of the counters, for the default export of `config/counter_cache.ts`. */
export function defineConfig(config: CounterCacheConfig): CounterCacheConfig {
  return config
}
