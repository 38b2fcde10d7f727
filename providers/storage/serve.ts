import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ByteRange, Disk, FileStat } from './contract.js'
import { isKey } from './keys.js'

export interface ServeOptions {
  /** The Cache-Control header; who may see the file is the caller's to know. */
  cacheControl: string
  /** Told when the disk fails in the middle of a body, and the connection was ended for it. */
  onBrokenBody?: (error: unknown) => void
}

/**
 * Answers a GET or HEAD with a file (RFC 9110): one range, ETag and If-None-Match, If-Range. Several ranges and
 * malformed ones get the whole file.
 *
 * @returns once the answer is sent or the client is gone; false, with nothing sent, when there is no such file or `key`
 *   is no key.
 * @throws what the disk throws, with nothing sent. When it breaks later the connection ends, which is all that can
 *   still be said.
 */
export async function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  disk: Disk,
  key: string,
  options: ServeOptions
): Promise<boolean> {
  if (!isKey(key)) return false
  const { 'if-none-match': known, 'if-range': condition, range: asked } = request.headers

  let range: ByteRange | null | undefined = undefined
  if (request.method === 'HEAD' || known || asked) {
    const stat = await disk.stat(key)
    if (!stat) return false
    const headers = headersOf(stat, options)
    if (known && matches(known, stat.etag)) return end(response, 304, headers)
    if (request.method === 'HEAD') return end(response, 200, { ...headers, 'Content-Length': stat.size })
    if (asked && (!condition || condition === stat.etag)) range = parseRange(asked, stat.size)
    if (range === null) return end(response, 416, { 'Content-Range': `bytes */${stat.size}`, 'Content-Length': 0 })
  }

  const file = await disk.open(key, range)
  if (!file) return false
  response.writeHead(range ? 206 : 200, { ...headersOf(file.stat, options), ...lengthOf(file.stat, range) })
  await send(file.stream, response, options)
  return true
}

/**
 * Reads a Range header for a file of `size` bytes.
 *
 * @returns undefined when the whole file is to be sent, null when the range lies outside the file.
 */
export function parseRange(header: string, size: number): ByteRange | null | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(header.trim()) ?? []
  if (!first && !last) return undefined
  if (!first) return Number(last) > 0 && size > 0 ? { start: Math.max(0, size - Number(last)), end: size - 1 } : null

  const range = { start: Number(first), end: last ? Math.min(Number(last), size - 1) : size - 1 }
  if (last && Number(last) < range.start) return undefined
  return range.start < size ? range : null
}

function headersOf(stat: FileStat, { cacheControl }: ServeOptions) {
  return {
    'Content-Type': stat.contentType,
    ETag: stat.etag,
    'Last-Modified': stat.modifiedAt.toUTCString(),
    'Accept-Ranges': 'bytes',
    'Cache-Control': cacheControl,
    'Content-Disposition': 'inline',
    'X-Content-Type-Options': 'nosniff',
  }
}

function matches(header: string, etag: string) {
  return header.split(',').some((known) => ['*', etag].includes(known.trim().replace(/^W\//, '')))
}

function end(response: ServerResponse, status: number, headers: OutgoingHttpHeaders) {
  response.writeHead(status, headers).end()
  return true
}

function lengthOf({ size }: FileStat, range?: ByteRange) {
  if (!range) return { 'Content-Length': size }
  const last = Math.min(range.end, size - 1)
  return { 'Content-Length': last - range.start + 1, 'Content-Range': `bytes ${range.start}-${last}/${size}` }
}

/** `pipeline` destroys the stream when the client leaves, and the connection when the stream fails. */
async function send(stream: Readable, response: ServerResponse, { onBrokenBody }: ServeOptions) {
  if (response.destroyed) return void stream.destroy()
  try {
    await pipeline(stream, response)
  } catch (error) {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') onBrokenBody?.(error)
  }
}
