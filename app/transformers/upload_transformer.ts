import Type, { type Static } from 'typebox'
import type Upload from '#models/upload'
import type { Destination } from '#providers/storage/index'
import { closed, Id, Instant } from '#transformers/schema'

export const uploadSchema = closed(
  {
    id: Id,
    method: Type.Literal('PUT'),
    url: Type.String({ format: 'uri' }),
    headers: Type.Record(Type.String(), Type.String(), { description: 'To be sent with the file.' }),
    expiresAt: Instant,
  },
  'Upload'
)

export function transformUpload({ upload, destination }: Started): Static<typeof uploadSchema> {
  const { url, headers } = destination
  return { id: upload.id, method: 'PUT', url, headers, expiresAt: upload.expiresAt.toISO()! }
}

interface Started {
  upload: Upload
  destination: Destination
}
