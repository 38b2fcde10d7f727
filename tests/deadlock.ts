import pg from 'pg'

/** Lets a method do its work once more, and then fail as where PostgreSQL ends the transaction for a deadlock. */
export function deadlockOnce<Method extends string>(owner: Record<Method, any>, method: Method) {
  const original = owner[method]
  owner[method] = async function (...values: unknown[]) {
    owner[method] = original
    await original.apply(this, values)
    throw Object.assign(new pg.DatabaseError('deadlock detected', 0, 'error'), { code: '40P01' })
  }
}
