/** What `config/envelope.ts` exports. */
export interface EnvelopeConfig {
  /** The headers of every answer; an answer's own header of the same name goes before. */
  headers: Record<string, string>
}

/** The configuration of the envelope, for the default export of `config/envelope.ts`. */
export function defineConfig(config: EnvelopeConfig): EnvelopeConfig {
  return config
}
