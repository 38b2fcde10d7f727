/** Whether a text can be kept by every database: without NUL and without half a surrogate pair. */
export function isKeepable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/**
 * A copy of what was sent whose texts are in Unicode's composed form (NFC), so that what looks the same is stored, compared and
 * counted as the same. Names of fields stay as they are.
 *
 * @param data what `refuseStrangeInput` has let pass: it is walked to its full depth.
 */
export function normalized(data: unknown): unknown {
  if (typeof data === 'string') return data.normalize('NFC')
  if (Array.isArray(data)) return data.map(normalized)
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, normalized(value)]))
}
