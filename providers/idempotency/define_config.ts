import type { HttpContext } from '@adonisjs/core/http'

export interface IdempotencyConfig {
  /** The account that a request is made as; null or undefined without a log-in. Keys of two accounts never meet. */
  account(ctx: HttpContext): string | null | undefined
  /** Without a log-in: whom the request is for, as it says itself, so that the keys of strangers do not meet either. */
  guest(ctx: HttpContext): string
}

/** What `config/idempotency.ts` exports. */
export function defineConfig(config: IdempotencyConfig): IdempotencyConfig {
  return config
}
