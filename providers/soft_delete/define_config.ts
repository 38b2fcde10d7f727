import type { SoftDeletingModel } from './graph.js'

/** What `config/soft_delete.ts` exports. */
export interface SoftDeleteConfig {
  /** The models that `trash:purge` empties, in this order. */
  models: (() => Promise<{ default: SoftDeletingModel }>)[]
}

/** The configuration of the trash, for the default export of `config/soft_delete.ts`. */
export function defineConfig(config: SoftDeleteConfig): SoftDeleteConfig {
  return config
}
