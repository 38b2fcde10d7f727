import { Forbidden } from '#exceptions/domain'
import type User from '#models/user'

/** What one sees and does not own, one may not change. */
export function assertOwner(viewer: User, row: { userId: string } | { id: string; username: string }) {
  const owner = 'userId' in row ? row.userId : row.id
  if (owner !== viewer.id) throw new Forbidden()
}
