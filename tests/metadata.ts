/** What a picture file carries beside its pixels, by a walk over its structure: the names of the parts, in order. */
export function metadataOf(file: Buffer): string[] {
  const parts = file.readUInt16BE(0) === 0xffd8 ? jpegParts(file) : webpParts(file)
  return parts.filter((part) => !PIXELS.has(part))
}

/** Tables, frames, scans and the density of a JPEG; pixels, alpha and the size of a WebP. */
const PIXELS = new Set([
  'ffdb',
  'ffc4',
  'ffc0',
  'ffc1',
  'ffc2',
  'ffdd',
  'ffda',
  'APP0 JFIF',
  'VP8 ',
  'VP8L',
  'VP8X',
  'ALPH',
])

function jpegParts(file: Buffer): string[] {
  const parts: string[] = []
  for (let at = 2; at < file.length;) {
    const marker = file.readUInt16BE(at)
    if (marker === 0xffd9) return at + 2 === file.length ? parts : [...parts, 'bytes after the end']
    const length = file.readUInt16BE(at + 2)
    const isApp = marker >= 0xffe0 && marker <= 0xffef
    const label = file.toString('latin1', at + 4, at + 8)
    parts.push(isApp ? `APP${marker - 0xffe0} ${label}` : marker.toString(16))
    at += 2 + length
    if (marker === 0xffda) at = afterScan(file, at)
  }
  return [...parts, 'no end']
}

/** A scan ends at the next marker that is neither a stuffed byte nor a restart. */
function afterScan(file: Buffer, at: number): number {
  for (; at < file.length - 1; at++) {
    if (file[at] !== 0xff) continue
    const next = file[at + 1]
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  return file.length
}

function webpParts(file: Buffer): string[] {
  const parts: string[] = []
  let at = 12
  while (at + 8 <= file.length) {
    const size = file.readUInt32LE(at + 4)
    parts.push(file.toString('latin1', at, at + 4))
    at += 8 + size + (size % 2)
  }
  return at === file.length ? parts : [...parts, 'bytes after the end']
}
