import type Upload from '#models/upload'
import type { Destination } from '#providers/storage/index'

export function transformUpload({ id, expiresAt }: Upload, { url, headers }: Destination) {
  return { id, method: 'PUT', url, headers, expiresAt: expiresAt.toISO() }
}
