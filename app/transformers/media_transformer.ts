import Type, { type Static } from 'typebox'
import type Media from '#models/media'
import type { AlbumMedium, Files } from '#models/album'
import { keyOf, placeOf } from '#models/stored_file'
import storage from '#providers/storage/service'
import { closed, Id, nullable } from '#transformers/schema'

export const variantsSchema = Type.Array(
  closed(
    {
      name: Type.Enum(['square', 'small', 'medium', 'full']),
      format: Type.Enum(['webp', 'jpeg']),
      width: Type.Integer(),
      height: Type.Integer(),
      url: Type.String({ format: 'uri' }),
    },
    'Variant'
  )
)

const medium = {
  id: Id,
  width: Type.Integer(),
  height: Type.Integer(),
  blurhash: Type.String(),
  dominantColor: Type.String({ pattern: '^#[0-9a-f]{6}$' }),
  altText: nullable(Type.String()),
  focalPoint: closed({ x: Type.Number(), y: Type.Number() }, 'FocalPoint'),
  variants: variantsSchema,
}

export const mediumSchema = closed(medium, 'Medium')
export const ownMediumSchema = closed({ ...medium, postId: nullable(Id) }, 'OwnMedium')

/** Long enough to look at a page, and ended within the hour: the same for a while, so that clients may cache. */
const SIGNED_FOR = 45 * 60_000
const ROUNDED_TO = 10 * 60_000

/** Where the files are fetched: for everyone under the plain address, for the viewer under one that is signed and ends. */
export function transformVariants(
  { folder, variants }: Files,
  { isPublic }: { isPublic: boolean }
): Static<typeof variantsSchema> {
  const urlOf = isPublic ? plainUrls(folder) : signedUrls(folder)
  return variants.map(({ name, format, width, height, file }) => ({ name, format, width, height, url: urlOf(file) }))
}

function plainUrls(folder: string) {
  const base = storage.url(placeOf(folder))
  return (file: string) => `${base}/${file}`
}

function signedUrls(folder: string) {
  const expiresAt = new Date(Math.ceil((Date.now() + SIGNED_FOR) / ROUNDED_TO) * ROUNDED_TO)
  return (file: string) => storage.signedUrl(keyOf(folder, file), { expiresAt })
}

export function transformMedium(
  medium: AlbumMedium | Media,
  visibility: { isPublic: boolean }
): Static<typeof mediumSchema> {
  const { id, width, height, blurhash, dominantColor, altText, focalPoint } = medium
  const variants = transformVariants(medium, visibility)
  return { id, width, height, blurhash, dominantColor, altText, focalPoint, variants }
}

export function transformOwnMedium(medium: Media, visibility: { isPublic: boolean }): Static<typeof ownMediumSchema> {
  return { ...transformMedium(medium, visibility), postId: medium.postId }
}
