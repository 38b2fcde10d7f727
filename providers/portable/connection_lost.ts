const CODES = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', '57P01', '57P02', '08000', '08003', '08006', '08007'])

/** The driver has no codes for these, and knex puts the statement before them. */
const MESSAGES =
  /(^| - )(Connection terminated|Client was closed and is not queryable|Client has encountered a connection error)/

/**
 * Whether the connection to the database broke while a statement was under way: it may have been carried out, the COMMIT of a
 * transaction too, and nobody has been told. Never so on SQLite.
 *
 * @param error what a query or a commit has thrown.
 */
export function connectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, message } = error as Error & { code?: string }
  return CODES.has(code ?? '') || MESSAGES.test(message)
}
