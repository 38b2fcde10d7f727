import type { ByteRange } from './contract.js'
import { E_INVALID_CONTENT_TYPE, E_INVALID_KEY, E_RANGE_NOT_SATISFIABLE } from './errors.js'

const KEY = /^[\w-][\w.-]{0,254}(?:\/[\w-][\w.-]{0,254})*$/
const LONGEST_KEY = 512
const CONTENT_TYPE = /^(?=.{3,127}$)[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:; ?[\x20-\x7e]+)?$/
const PICTURES = new Map([
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
  ['.png', 'image/png'],
  ['.webp', 'image/webp'],
  ['.avif', 'image/avif'],
  ['.gif', 'image/gif'],
])

/** Whether this is a key as `Disk` defines it. */
export function isKey(key: unknown): key is string {
  return typeof key === 'string' && key.length <= LONGEST_KEY && KEY.test(key)
}

/** @throws E_INVALID_KEY for the first that is no key. */
export function checkKeys(...keys: string[]) {
  if (!keys.every(isKey)) throw new E_INVALID_KEY()
}

/** The type that a picture's ending (`.jpg .jpeg .png .webp .avif .gif`) stands for, undefined for other keys. */
export function pictureType(key: string) {
  return PICTURES.get(key.slice(key.lastIndexOf('.')))
}

/** Whether this reads as a content type that can be sent in a header. */
export function isContentType(contentType: string) {
  return CONTENT_TYPE.test(contentType)
}

/** @throws E_INVALID_KEY, E_INVALID_CONTENT_TYPE as `Disk.put` promises. */
export function checkPut(key: string, contentType: string) {
  checkKeys(key)
  if (!isContentType(contentType) || contentType !== (pictureType(key) ?? contentType))
    throw new E_INVALID_CONTENT_TYPE()
}

/** @throws E_INVALID_KEY, E_INVALID_CONTENT_TYPE as `Disk.copy` promises. */
export function checkCopy(from: string, to: string) {
  checkKeys(from, to)
  if (pictureType(from) !== pictureType(to)) throw new E_INVALID_CONTENT_TYPE()
}

/** @throws E_INVALID_KEY unless `prefix` is '' or a key. Returns what the keys in that folder begin with. */
export function folderOf(prefix: string) {
  if (prefix === '') return ''
  checkKeys(prefix)
  return `${prefix}/`
}

/** The number of files of a page, brought between 1 and 1000. */
export function pageSize(limit: number) {
  return Math.min(Math.max(Math.trunc(limit), 1), 1000)
}

/** @throws E_RANGE_NOT_SATISFIABLE for a range that is in no file, whatever its size. */
export function checkRange(range?: ByteRange) {
  if (range && !(range.start >= 0 && range.end >= range.start)) throw new E_RANGE_NOT_SATISFIABLE()
}

/**
 * Brings a range into a file of `size` bytes.
 *
 * @returns the first byte and how many there are of it on; all of the file without a range.
 * @throws E_RANGE_NOT_SATISFIABLE
 */
export function within(size: number, range?: ByteRange) {
  checkRange(range)
  if (!range) return { start: 0, length: size }
  if (range.start >= size) throw new E_RANGE_NOT_SATISFIABLE()
  return { start: range.start, length: Math.min(range.end, size - 1) - range.start + 1 }
}
