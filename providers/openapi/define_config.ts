import type { Failure, Operation } from './operation.js'

/** Who may call an operation. */
export interface Access {
  /** What a token must be good for; null where none is looked at. */
  scope: string | null
  /** Whether it may be left out. */
  isOptional: boolean
  /** Whether it takes an `Idempotency-Key`. */
  isRepeatable: boolean
}

/** A middleware as the route names it. */
export interface NamedMiddleware {
  name: string
  args?: any
}

/** A real request and its answer, by the operation's id. */
export type Examples = Record<string, { body?: unknown; answer?: unknown }>

/** What `config/openapi.ts` exports. */
export interface OpenApiConfig {
  title: string
  description: string
  version: string
  /** The address of the server, without a slash at the end. */
  url: string
  /** What the tokens are good for. */
  scopes: Record<string, string>
  access: (middleware: NamedMiddleware[]) => Access
  /** What an operation may be refused with for reasons that are not its own. */
  failures: (operation: Operation & Access & { method: string }) => Failure[]
  /** Patterns of path parameters that say more than "text". */
  parameters: Record<string, object>
  loadExamples: () => Promise<Examples>
}

/** The configuration of the description, for the default export of `config/openapi.ts`. */
export function defineConfig(config: OpenApiConfig): OpenApiConfig {
  return config
}
