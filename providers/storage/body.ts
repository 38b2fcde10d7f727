import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Body } from './contract.js'
import { orUnavailable } from './errors.js'

/**
 * To be called before anything is awaited: a stream that fails before its first read must not be an uncaught error. Who
 * reads it then is told.
 */
export function claim(body: Body) {
  if (body instanceof Readable) body.on('error', () => {})
}

/** A body as chunks that are read once. */
export function chunksOf(body: Body): Iterable<Buffer> | Readable {
  if (Buffer.isBuffer(body)) return [body]
  return body instanceof Readable ? body : createReadStream(body.path)
}

/**
 * Writes a body to an open file, at its position.
 *
 * @throws the body's own error when it breaks off, E_STORAGE_UNAVAILABLE when the file cannot be written.
 */
export async function writeBody(file: FileHandle, body: Body) {
  for await (const chunk of chunksOf(body)) await orUnavailable(file.writeFile(chunk))
}
