import type { LucidModel } from '@adonisjs/lucid/types/model'
import type { WatchedTable } from './contract.js'

/** How the log is relayed; times in milliseconds. */
export interface RelayOptions {
  /** Rows read, delivered and removed at once. */
  batch: number
  /** How often the leader looks without being woken, and tries again what failed; the others try to lead four times as often. */
  sweepMs: number
  /** How long a hook may take. */
  hookTimeoutMs: number
  /** The wait after the first failure; doubles with each. */
  backoffMs: number
  /** Attempts until a change is a dead letter. */
  attempts: number
}

/** What `config/change_log.ts` exports. */
export interface ChangeLogConfig extends Partial<RelayOptions> {
  /** The models whose changes are logged, loaded when they are needed. */
  models: (() => Promise<{ default: LucidModel }>)[]
  /** Tables without a model, such as those between two others: columns as the database names them. */
  tables?: Omit<WatchedTable, 'model'>[]
  /** The connection's name. Default: the primary one. */
  connection?: string
  /** Whether the server relays the log itself; false where `changes:relay` processes do. Default: true. */
  relayInServer?: boolean
}

/** The configuration of the change log, for the default export of `config/change_log.ts`. */
export function defineConfig(config: ChangeLogConfig): ChangeLogConfig {
  return config
}

/** What is not said: two seconds between sweeps, half a second for a standby, 10 attempts over about 17 minutes. */
export const DEFAULTS: RelayOptions = {
  batch: 200,
  sweepMs: 2000,
  hookTimeoutMs: 10_000,
  backoffMs: 1000,
  attempts: 10,
}
