import { Busboy } from '@fastify/busboy'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { MediaConfig } from './define_config.js'
import {
  E_FILE_MISSING,
  E_MALFORMED_UPLOAD,
  E_NOT_MULTIPART,
  E_TOO_MANY_FILES,
  E_UPLOAD_ABORTED,
  E_UPLOAD_FIELD,
  E_UPLOAD_STALLED,
  E_UPLOAD_TOO_LARGE,
} from './errors.js'
import { lingeringClose } from './lingering_close.js'

/** A form that was received whole, its file on disk. */
export interface Upload<Field extends string = string> {
  /** Where the file is; it is removed when the upload's block ends. */
  path: string
  /** Bytes of the file, from 1. */
  size: number
  /** The text fields that were sent. */
  fields: Partial<Record<Field, string>>
}

export type UploadLimits = Pick<MediaConfig, 'spoolDirectory' | 'maxBytes' | 'pace'>

/** The field that holds the file. */
const FILE = 'file'

/** Room for the form around the file: its text fields, names and boundaries. */
const FORM_BYTES = 64_000

/** The largest text field and the largest header of a part. */
const FIELD_BYTES = 16_000
const HEADER_BYTES = 8000

/**
 * Receives a form into the spool directory, hands it to `use`, and removes the file however that ends.
 * See `Media.receive` for what it refuses.
 */
export async function receive<Field extends string, Result>(
  request: IncomingMessage,
  response: ServerResponse,
  fields: readonly Field[],
  limits: UploadLimits,
  use: (upload: Upload<Field>) => Promise<Result>
): Promise<Result> {
  const path = join(limits.spoolDirectory, `${process.pid}-${randomUUID()}`)
  try {
    const upload = await spool(request, path, fields, limits).catch((error) => {
      lingeringClose(request, response)
      throw error
    })
    return await use(upload)
  } finally {
    await rm(path, { force: true })
  }
}

/** A request's body as a stream. See `Media.body` for what it fails with. */
export function bodyOf(request: IncomingMessage, size: number, pace: MediaConfig['pace']): Readable {
  const body = new PassThrough()
  const stop = feed(request, body, {
    maxForm: size,
    pace,
    tooLarge: () => new E_UPLOAD_TOO_LARGE(size),
    reject: (error) => body.destroy(error),
  })
  request.once('end', stop)
  body.once('close', stop)
  return body
}

/** Spools a file that comes from elsewhere. See `Media.spool`. */
export async function spoolFile<Result>(
  file: Readable,
  { spoolDirectory, maxBytes }: UploadLimits,
  use: (path: string) => Promise<Result>
): Promise<Result> {
  const path = join(spoolDirectory, `${process.pid}-${randomUUID()}`)
  async function* limited() {
    let size = 0
    for await (const chunk of file) {
      size += chunk.length
      if (size > maxBytes) throw new E_UPLOAD_TOO_LARGE(maxBytes)
      yield chunk
    }
  }
  try {
    await mkdir(spoolDirectory, { recursive: true, mode: 0o700 })
    await pipeline(limited, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
    return await use(path)
  } finally {
    await rm(path, { force: true })
  }
}

/**
 * Removes the spool files whose process is gone.
 *
 * @param directory the spool directory; it is made when it is missing.
 * @returns how many were removed.
 */
export async function sweepSpool(directory: string) {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const left = (await readdir(directory)).filter(
    (name) => /^\d+-[\da-f-]{36}$/.test(name) && !isRunning(Number.parseInt(name))
  )
  await Promise.all(left.map((name) => rm(join(directory, name), { force: true })))
  return left.length
}

function isRunning(pid: number) {
  // In a container the process before this one had the same id.
  if (pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code !== 'ESRCH'
  }
}

async function spool<Field extends string>(
  request: IncomingMessage,
  path: string,
  names: readonly Field[],
  { spoolDirectory, maxBytes, pace }: UploadLimits
): Promise<Upload<Field>> {
  const maxForm = maxBytes + FORM_BYTES
  if (Number(request.headers['content-length'] ?? 0) > maxForm) throw new E_UPLOAD_TOO_LARGE(maxBytes)
  const parser = parserFor(request, names.length, maxBytes)
  await mkdir(spoolDirectory, { recursive: true, mode: 0o700 })

  const fields: Upload<Field>['fields'] = {}
  const { promise: parsed, resolve, reject } = Promise.withResolvers<void>()
  const giveUp = new AbortController()
  let writing: Promise<void> | undefined
  let size = 0

  parser.on('file', (name, file) => {
    // What breaks the file breaks the parser too, which tells it.
    file.on('error', () => {})
    if (name !== FILE) return reject(unexpected(name, names, 'is no file'))
    file.on('limit', () => reject(new E_UPLOAD_TOO_LARGE(maxBytes)))
    file.on('end', () => (size = file.bytesRead))
    writing = pipeline(file, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal: giveUp.signal })
    writing.catch(reject)
  })
  parser.on('field', (name, value, _, truncated) => {
    if (!isOneOf(names, name)) return reject(unexpected(name, names, 'must hold a file'))
    if (fields[name] !== undefined) return reject(new E_UPLOAD_FIELD(name, 'was sent twice'))
    if (truncated) return reject(new E_UPLOAD_FIELD(name, 'is too long'))
    fields[name] = value
  })
  parser.on('filesLimit', () => reject(new E_TOO_MANY_FILES()))
  parser.on('fieldsLimit', () => reject(new E_MALFORMED_UPLOAD('it has too many fields')))
  parser.on('partsLimit', () => reject(new E_MALFORMED_UPLOAD('it has too many parts')))
  parser.on('error', (cause) => reject(new E_MALFORMED_UPLOAD('it ends too early or is damaged', { cause })))
  // The parser may be done before the body is: what comes after the last boundary is read, and counted, too.
  let open = 2
  const close = () => --open === 0 && resolve()
  parser.on('finish', close)
  request.once('end', close)

  const stop = feed(request, parser, { maxForm, pace, tooLarge: () => new E_UPLOAD_TOO_LARGE(maxBytes), reject })
  try {
    await parsed
    await writing
  } catch (error) {
    giveUp.abort()
    // The file must be closed before it can be removed for good.
    await writing?.catch(() => {})
    throw error
  } finally {
    stop()
  }
  if (!writing) throw new E_FILE_MISSING('The form holds no file.')
  if (size === 0) throw new E_FILE_MISSING('The file is empty.')
  return { path, size, fields }
}

function parserFor(request: IncomingMessage, fields: number, maxBytes: number) {
  const contentType = request.headers['content-type'] ?? ''
  if (!/^multipart\/form-data\s*(;|$)/i.test(contentType)) throw new E_NOT_MULTIPART()
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: {
        files: 1,
        fileSize: maxBytes,
        // One more than can be right, so that a repeated or an unknown one is named.
        fields: fields + 1,
        parts: fields + 2,
        fieldSize: FIELD_BYTES,
        headerPairs: 20,
        headerSize: HEADER_BYTES,
      },
    })
  } catch (cause) {
    throw new E_MALFORMED_UPLOAD('its boundary is missing or not valid', { cause })
  }
}

interface Feed {
  maxForm: number
  pace: MediaConfig['pace']
  tooLarge: () => Error
  reject: (error: Error) => void
}

/** Hands the body to the parser no faster than it takes it, and watches its length and its pace. */
function feed(request: IncomingMessage, parser: NodeJS.WritableStream, { maxForm, pace, tooLarge, reject }: Feed) {
  let received = 0
  let before = 0

  const onData = (chunk: Buffer) => {
    received += chunk.length
    if (received > maxForm) return fail(tooLarge())
    try {
      if (!parser.write(chunk)) request.pause()
    } catch (cause) {
      fail(new E_MALFORMED_UPLOAD('it is damaged', { cause }))
    }
  }
  const onDrain = () => request.resume()
  const onEnd = () => parser.end()
  const onClose = () => request.complete || fail(new E_UPLOAD_ABORTED())
  const watch = setInterval(() => {
    const brought = received - before
    before = received
    if (request.complete && brought === 0) fail(new E_MALFORMED_UPLOAD('it has no end'))
    if (!request.complete && brought < pace.minBytes) fail(new E_UPLOAD_STALLED())
  }, pace.milliseconds)

  const stop = () => {
    clearInterval(watch)
    parser.off('drain', onDrain)
    request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
    request.pause()
  }
  const fail = (error: Error) => {
    stop()
    reject(error)
  }

  parser.on('drain', onDrain)
  request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
  if (request.destroyed) onClose()
  return stop
}

function isOneOf<Field extends string>(names: readonly Field[], name: string | undefined): name is Field {
  return names.includes(name as Field)
}

/** Why this part may not be here: its name is known and of the other kind, or not known at all. */
function unexpected(name: string | undefined, names: readonly string[], wrongKind: string) {
  const known = [FILE, ...names]
  if (known.includes(name!)) return new E_UPLOAD_FIELD(name!, wrongKind)
  return new E_UPLOAD_FIELD((name ?? '').slice(0, 50), `is not known here: the form takes ${known.join(', ')}`)
}
