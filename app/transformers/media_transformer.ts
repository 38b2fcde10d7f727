import type Media from '#models/media'
import type { AlbumMedium, Files } from '#models/album'
import { keyOf, placeOf } from '#models/stored_file'
import storage from '#providers/storage/service'

/** Long enough to look at a page, and ended within the hour: the same for a while, so that clients may cache. */
const SIGNED_FOR = 45 * 60_000
const ROUNDED_TO = 10 * 60_000

/** Where the files are fetched: for everyone under the plain address, for the viewer under one that is signed and ends. */
export function transformVariants({ folder, variants }: Files, { isPublic }: { isPublic: boolean }) {
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

/** What its owner is told of a medium. */
export function transformOwnMedium(medium: Media, visibility: { isPublic: boolean }) {
  return { ...transformMedium(medium, visibility), postId: medium.postId }
}

export function transformMedium(medium: AlbumMedium | Media, visibility: { isPublic: boolean }) {
  const { id, width, height, blurhash, dominantColor, altText, focalPoint } = medium
  const variants = transformVariants(medium, visibility)
  return { id, width, height, blurhash, dominantColor, altText, focalPoint, variants }
}
