import type { Failure } from '../contract.js'

/** A change that was delivered twice fails once. */
export const INSERT_FAILURE = `
  insert into change_failures (change_id, table_name, key, operation, before, after, subscriber, attempts, error, retry_at)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (change_id, subscriber) do nothing`

export function failureValues({ change, subscriber, attempts, error, retryAt }: Failure): unknown[] {
  const { id, table_name: table, key, operation, before, after } = change
  return [id, table, key, operation, before, after, subscriber, attempts, error, retryAt]
}
