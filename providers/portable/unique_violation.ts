/** A value that is taken: the table and the columns of the unique index that refused it. */
export interface UniqueViolation {
  table: string
  columns: string[]
}

/**
 * What unique index refused a write, told alike on both databases.
 *
 * @param error whatever was thrown.
 * @returns the table and columns, or null when the error is of another kind.
 */
export function uniqueViolation(error: unknown): UniqueViolation | null {
  const { code, message = '', table = '', detail = '' } = error as Record<string, string>
  if (code === '23505') {
    const [, columns = ''] = /^Key \((.*?)\)=/.exec(detail) ?? []
    return { table, columns: columns.replaceAll('"', '').split(', ') }
  }
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
    const [, list = ''] = /UNIQUE constraint failed: (.*)$/.exec(message) ?? []
    const columns = list.split(', ').map((name) => name.split('.'))
    return { table: columns[0][0], columns: columns.map((name) => name[1]) }
  }
  return null
}
