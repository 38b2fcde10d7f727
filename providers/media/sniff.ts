/** How much of a file `sniff` wants to see. */
export const SNIFFED_BYTES = 256

const starts: [format: string, magic: string][] = [
  ['jpeg', '\xff\xd8\xff'],
  ['png', '\x89PNG\r\n\x1a\n'],
  ['gif', 'GIF87a'],
  ['gif', 'GIF89a'],
]

/**
 * Tells the kind of a picture by its first bytes.
 *
 * @param bytes the first `SNIFFED_BYTES` of the file, or all of a shorter one.
 * @returns 'jpeg', 'png', 'gif', 'webp' or 'avif', or null for anything else, whatever it is called.
 */
export function sniff(bytes: Buffer) {
  const text = bytes.toString('latin1')
  const known = starts.find(([, magic]) => text.startsWith(magic))
  if (known) return known[0]
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp'
  if (text.slice(4, 8) === 'ftyp' && brands(bytes).some((brand) => brand === 'avif' || brand === 'avis')) return 'avif'
  return null
}

/** The major brand and the compatible ones of an ISO base media file: its first box holds them, four letters each. */
function brands(bytes: Buffer) {
  const box = bytes.subarray(0, bytes.readUInt32BE(0)).toString('latin1')
  return [box.slice(8, 12), ...(box.slice(16).match(/.{4}/gs) ?? [])]
}
