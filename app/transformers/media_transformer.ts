import type Media from '#models/media'
import type { AlbumMedium, Files } from '#models/album'
import { keyOf } from '#models/stored_file'
import storage from '#providers/storage/service'

/** Long enough to look at a page, and ended within the hour: the same for a while, so that clients may cache. */
const SIGNED_FOR = 45 * 60_000
const ROUNDED_TO = 10 * 60_000

/** Where the files are fetched: for everyone under the plain address, for the viewer under one that is signed and ends. */
export function transformVariants({ folder, variants }: Files, { isPublic }: { isPublic: boolean }) {
  const expiresAt = isPublic ? undefined : new Date(Math.ceil((Date.now() + SIGNED_FOR) / ROUNDED_TO) * ROUNDED_TO)
  return variants.map(({ name, format, width, height, file }) => {
    const key = keyOf(folder, file)
    return { name, format, width, height, url: expiresAt ? storage.signedUrl(key, { expiresAt }) : storage.url(key) }
  })
}

export function transformMedium(medium: AlbumMedium | Media, visibility: { isPublic: boolean }) {
  const { id, width, height, blurhash, dominantColor, altText, focalPoint } = medium
  const variants = transformVariants(medium, visibility)
  return { id, width, height, blurhash, dominantColor, altText, focalPoint, variants }
}
