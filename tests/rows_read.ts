import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import pg from 'pg'

/**
 * How many rows of a table, and entries of its indexes, the named statements read that are run meanwhile: run once more, planned as
 * they were, and counted by PostgreSQL itself, which alone counts.
 */
export async function countRowsRead(table: string, work: () => PromiseLike<unknown>): Promise<number> {
  let rows = 0
  for (const statement of await namedStatements(work)) rows += await rowsReadBy(statement, table)
  return rows
}

type Named = Required<Pick<pg.QueryConfig, 'name' | 'text' | 'values'>>

async function namedStatements(work: () => PromiseLike<unknown>): Promise<Named[]> {
  const statements: Named[] = []
  const original = pg.Client.prototype.query as any
  pg.Client.prototype.query = function (this: pg.Client, ...parameters: any[]) {
    if (parameters[0]?.name) statements.push(parameters[0])
    return original.apply(this, parameters)
  } as any
  try {
    await work()
  } finally {
    pg.Client.prototype.query = original
  }
  return statements
}

function rowsReadBy({ text, values }: Named, table: string): Promise<number> {
  const literals = values.map((value) => (value === null ? 'null' : pg.escapeLiteral(String(value))))
  return db.transaction(async (transaction) => {
    await transaction.rawQuery('set local plan_cache_mode = force_generic_plan')
    await transaction.rawQuery('set local max_parallel_workers_per_gather = 0')
    await transaction.rawQuery(`prepare counted as ${text}`)
    try {
      const before = await rowsReadSoFar(transaction, table)
      await transaction.rawQuery(`execute counted (${literals.join(', ')})`)
      return (await rowsReadSoFar(transaction, table)) - before
    } finally {
      await transaction.rawQuery('deallocate counted')
    }
  })
}

/** By the connection, of what it has not told the others yet: the statistics of all are behind. */
async function rowsReadSoFar(transaction: TransactionClientContract, table: string): Promise<number> {
  const { rows } = await transaction.rawQuery(
    `select sum(pg_stat_get_xact_tuples_returned(id))::int as read from (
       select '${table}'::regclass as id union all
       select indexrelid from pg_index where indrelid = '${table}'::regclass) as parts`
  )
  return rows[0].read
}
