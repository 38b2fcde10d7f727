import { setTimeout as sleep } from 'node:timers/promises'
import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'

const DEADLOCK = '40P01'
const ATTEMPTS = 10
const PAUSE_MS = 50

/**
 * Runs the work in a transaction, or a savepoint in that of the caller, and again when PostgreSQL ended it for a deadlock.
 *
 * @param work must leave nothing behind in memory when it fails: what changes an instance comes last.
 */
export function inTransaction<Result>(
  client: QueryClientContract,
  work: (client: TransactionClientContract) => Promise<Result>
) {
  return retryDeadlocks(client, () => client.transaction(work))
}

/**
 * Two who come from different sides to the same rows, or to the same counters, may wait for each other; PostgreSQL then ends
 * one of them, who tries again after a while of its own, unless a caller's transaction went with it.
 */
export async function retryDeadlocks<Result>(
  client: QueryClientContract,
  work: () => Promise<Result>
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (error.code !== DEADLOCK || client.isTransaction || attempt === ATTEMPTS) throw error
      await sleep(Math.random() * PAUSE_MS * attempt)
    }
  }
}
