import { hash } from 'node:crypto'

/** A row that tells one state from the next by when it was changed, as a model or as a statement reads it. */
export interface Versioned {
  id: string
  updatedAt: { valueOf(): number | string }
}

/** Half of SHA-256 is more than anyone collides with. */
const HASH_CHARACTERS = 22

const TAG = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/g

/** Names the state of a row: its id, of which the random end is enough, and when it was last changed. */
export function versionOf({ id, updatedAt }: Versioned): string {
  return `${new Date(updatedAt.valueOf()).getTime().toString(36)}.${id.slice(-12)}`
}

/**
 * The strong ETag of an answer, `"<version>-<hash>"`. As a whole it stands for the bytes that are sent, which is what
 * If-None-Match asks for. The version in front is that of the row alone, which is what If-Match asks for: a like, or an
 * address that is signed anew, changes the answer, and is no reason to refuse an edit.
 *
 * @param body what is sent.
 * @param version as `versionOf` gives it, where the answer shows a row that can be edited under its address.
 */
export function entityTag(body: string, version?: string): string {
  const digest = hash('sha256', body, 'base64url').slice(0, HASH_CHARACTERS)
  return version ? `"${version}-${digest}"` : `"${digest}"`
}

/**
 * Whether an If-None-Match names the ETag of the answer, so that 304 is all there is to say: `*`, or a list, of which weak
 * ones count too (RFC 9110, section 13.1.2).
 *
 * @param header as it was sent; what cannot be read names nothing.
 */
export function isKnown(header: string, etag: string): boolean {
  return header.trim() === '*' || tagsOf(header).some(({ tag }) => `"${tag}"` === etag)
}

/**
 * The versions that an If-Match names, of strong tags only (RFC 9110, section 13.1.1).
 *
 * @param header as it was sent; what cannot be read names no version, so that nothing matches.
 * @returns undefined where any version will do: without the header, and for `*`.
 */
export function expectedVersions(header: string | undefined): string[] | undefined {
  if (header === undefined || header.trim() === '*') return undefined
  return tagsOf(header)
    .filter(({ isWeak }) => !isWeak)
    .map(({ tag }) => tag.split('-', 1)[0])
}

function tagsOf(header: string) {
  return Array.from(header.matchAll(TAG), ([, weak, tag]) => ({ isWeak: weak !== undefined, tag }))
}
