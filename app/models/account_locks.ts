import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import db from '@adonisjs/lucid/services/db'
import { inTransaction } from '#providers/portable/index'

/** As many as fit into one statement with room to spare. */
const AT_ONCE = 1000

/**
 * A transaction that has the rows of these accounts: whatever changes between two of them is decided and written in one. In
 * the order of their ids, so that two of them cannot deadlock; on SQLite the transaction is the lock.
 *
 * @param work is done again after a deadlock, with whom nobody else locks in this order.
 * @param outer the transaction of the caller, where there is one.
 */
export function lockAccounts<Result>(
  ids: string[],
  work: (client: TransactionClientContract) => Promise<Result>,
  outer?: TransactionClientContract
) {
  const inOrder = ids.toSorted()
  return inTransaction(outer ?? db.connection(), async (client) => {
    for (let start = 0; start < inOrder.length; start += AT_ONCE) {
      await lockRows(inOrder.slice(start, start + AT_ONCE), client)
    }
    return work(client)
  })
}

async function lockRows(ids: string[], client: TransactionClientContract) {
  const rows = client.from('users').select('id').whereIn('id', ids).orderBy('id')
  // As counters do: who adds a row that refers to an account does not wait.
  rows.knexQuery.forNoKeyUpdate()
  await rows
}
