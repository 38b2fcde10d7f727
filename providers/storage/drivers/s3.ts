import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type BucketLocationConstraint,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { claim, writeBody } from '../body.js'
import type { Body, ByteRange, Disk, ExpectedFile } from '../contract.js'
import {
  E_FILE_MISSING,
  E_KEY_CONFLICT,
  E_RANGE_NOT_SATISFIABLE,
  E_STORAGE_UNAVAILABLE,
  orUnavailable,
} from '../errors.js'
import { checkCopy, checkKeys, checkPut, checkRange, folderOf, isKey, pageSize, pictureType } from '../keys.js'

export interface S3Options {
  /** The address of the server, `https://…`; buckets are addressed by path. */
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  bucket: string
  /** The address of the server as clients reach it, where that is another one: `presign` gives it out. */
  publicEndpoint?: string
  /** Milliseconds that a call may take, its second attempt included, and that a body may stall. Default 5,000. */
  timeout?: number
}

const MISSING = ['NoSuchKey', 'NotFound']
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }
const DELETED_AT_ONCE = 1000
const MAX_SOCKETS = 512

/**
 * A bucket of an S3 server. It is created when it is missing and we may.
 *
 * Every call ends within `timeout`, connecting and a second attempt included; an upload has a second more for each
 * megabyte. The SDK's own timeouts are not used: they warn on the console, and know nothing of a body that stalls.
 * Access lists are never sent: many servers know none.
 */
export class S3Disk implements Disk {
  #client: S3Client
  #publicClient: S3Client
  #timeout: number
  #prepared?: Promise<void>

  constructor(private options: S3Options) {
    this.#timeout = options.timeout ?? 5_000
    this.#client = this.#clientOf(options.endpoint)
    this.#publicClient = options.publicEndpoint ? this.#clientOf(options.publicEndpoint) : this.#client
  }

  async ready() {
    const Bucket = this.options.bucket
    const found = await this.#bounded((options) => this.#client.send(new HeadBucketCommand({ Bucket }), options))
    if (found) return

    const { region } = this.options
    const LocationConstraint = region as BucketLocationConstraint
    const CreateBucketConfiguration = region === 'us-east-1' ? undefined : { LocationConstraint }
    const creation = new CreateBucketCommand({ Bucket, CreateBucketConfiguration })
    try {
      await this.#bounded((options) => this.#client.send(creation, options))
    } catch (error) {
      if (error.cause?.name !== 'BucketAlreadyOwnedByYou') throw error
    }
  }

  async put(key: string, body: Body, { contentType }: { contentType: string }): Promise<void> {
    claim(body)
    checkPut(key, contentType)
    if (Buffer.isBuffer(body)) return this.#upload(key, body, body.length, contentType)
    if (body instanceof Readable) return this.#spool(body, (path) => this.put(key, { path }, { contentType }))

    const { size } = await stat(body.path)
    const stream = createReadStream(body.path)
    try {
      await this.#upload(key, stream, size, contentType)
    } finally {
      stream.destroy()
    }
  }

  async open(key: string, range?: ByteRange) {
    checkKeys(key)
    checkRange(range)
    const command = new GetObjectCommand({ ...this.#object(key), Range: range && `bytes=${range.start}-${range.end}` })
    const answer = await this.#call((options) => this.#client.send(command, options))
    if (!answer) return null
    const size = answer.ContentRange ? Number(answer.ContentRange.split('/')[1]) : answer.ContentLength!
    return { stream: withoutStall(answer.Body as Readable, this.#timeout), stat: statOf(key, answer, size) }
  }

  async stat(key: string) {
    checkKeys(key)
    const answer = await this.#call((options) => this.#client.send(new HeadObjectCommand(this.#object(key)), options))
    return answer && statOf(key, answer, answer.ContentLength!)
  }

  async copy(from: string, to: string) {
    checkCopy(from, to)
    if (from === to) return this.#mustExist(from) // which S3 calls illegal
    const command = new CopyObjectCommand({ ...this.#object(to), CopySource: `${this.options.bucket}/${from}` })
    const answer = await this.#call((options) => this.#client.send(command, options))
    if (!answer) throw new E_FILE_MISSING()
  }

  async presign(key: string, { contentType, size, expiresAt }: ExpectedFile) {
    checkPut(key, contentType)
    await this.#prepare()
    const headers = { 'Content-Type': contentType, 'If-None-Match': '*' }
    const command = new PutObjectCommand({
      ...this.#object(key),
      ContentType: contentType,
      ContentLength: size,
      IfNoneMatch: '*',
    })
    const signingDate = new Date(Math.min(Date.now(), expiresAt.getTime() - 1_000))
    const url = await getSignedUrl(this.#publicClient, command, {
      signingDate,
      expiresIn: Math.floor((expiresAt.getTime() - signingDate.getTime()) / 1_000),
      signableHeaders: new Set(['host', 'content-length', ...Object.keys(headers).map((name) => name.toLowerCase())]),
      // A header that is sent, not a parameter that some servers do not read.
      unhoistableHeaders: new Set(['if-none-match']),
    })
    return { url, headers }
  }

  async delete(keys: string[]) {
    checkKeys(...keys)
    for (let done = 0; done < keys.length; done += DELETED_AT_ONCE) {
      const Objects = keys.slice(done, done + DELETED_AT_ONCE).map((Key) => ({ Key }))
      const command = new DeleteObjectsCommand({ Bucket: this.options.bucket, Delete: { Objects, Quiet: true } })
      const answer = await this.#call((options) => this.#client.send(command, options))
      if (answer?.Errors?.length) throw new E_STORAGE_UNAVAILABLE({ cause: answer.Errors })
    }
  }

  async list(prefix: string, { limit, cursor }: { limit: number; cursor?: string | null }) {
    const command = new ListObjectsV2Command({
      Bucket: this.options.bucket,
      Prefix: folderOf(prefix) || undefined,
      MaxKeys: pageSize(limit),
      StartAfter: cursor ?? undefined,
    })
    const answer = await this.#call((options) => this.#client.send(command, options))
    const objects = answer?.Contents ?? []
    return {
      files: objects
        .map(({ Key, Size, LastModified }) => ({ key: Key!, size: Size!, modifiedAt: LastModified! }))
        .filter(({ key }) => isKey(key)),
      nextCursor: answer?.IsTruncated ? objects.at(-1)!.Key! : null,
    }
  }

  async #upload(key: string, content: Buffer | Readable, size: number, contentType: string) {
    const command = new PutObjectCommand({
      ...this.#object(key),
      Body: content,
      ContentLength: size,
      ContentType: contentType,
    })
    await this.#call((options) => this.#client.send(command, options), size / 1_000)
  }

  async #mustExist(key: string) {
    if (!(await this.stat(key))) throw new E_FILE_MISSING()
  }

  /** S3 wants to know the length first. */
  async #spool(body: Readable, upload: (path: string) => Promise<void>) {
    const folder = await orUnavailable(mkdtemp(join(tmpdir(), 'storage-')))
    try {
      const path = join(folder, 'body')
      const file = await orUnavailable(open(path, 'wx'))
      await writeBody(file, body).finally(() => file.close())
      await upload(path)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  #clientOf(endpoint: string) {
    const { region, accessKeyId, secretAccessKey } = this.options
    return new S3Client({
      endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey },
      forcePathStyle: true,
      maxAttempts: 2,
      logger: SILENT,
      // A stream that a slow reader holds open keeps its socket: the SDK's 50 would be taken by 50 of them.
      requestHandler: { httpAgent: { maxSockets: MAX_SOCKETS }, httpsAgent: { maxSockets: MAX_SOCKETS } },
      // Checksums in trailers and "Expect" are news to many servers that are not Amazon's.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      expectContinueHeader: false,
    })
  }

  #object(key: string) {
    return { Bucket: this.options.bucket, Key: key }
  }

  async #call<Answer>(send: (options: { abortSignal: AbortSignal }) => Promise<Answer>, extra = 0) {
    await this.#prepare()
    return this.#bounded(send, extra)
  }

  #prepare() {
    return (this.#prepared ??= this.ready().catch((error) => this.#forget(error)))
  }

  /** Sends, gives up after the bound, says null for what is not there, and puts every other error in our words. */
  async #bounded<Answer>(send: (options: { abortSignal: AbortSignal }) => Promise<Answer>, extra = 0) {
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), this.#timeout + extra)
    try {
      return await send({ abortSignal: abort.signal })
    } catch (cause) {
      if (MISSING.includes(cause.name)) return null
      if (cause.name === 'NoSuchBucket') this.#prepared = undefined
      if (cause.$metadata?.httpStatusCode === 416) throw new E_RANGE_NOT_SATISFIABLE(undefined, { cause })
      if (['ObjectParentIsFile', 'ExistingObjectIsDirectory'].includes(cause.name)) {
        throw new E_KEY_CONFLICT(undefined, { cause })
      }
      throw new E_STORAGE_UNAVAILABLE({ cause })
    } finally {
      clearTimeout(timer)
    }
  }

  #forget(error: unknown): never {
    this.#prepared = undefined
    throw error
  }
}

/** Not every server changes a type in the same moment as the bytes: a picture's is the one of its ending. */
function statOf(key: string, answer: { ContentType?: string; ETag?: string; LastModified?: Date }, size: number) {
  return {
    size,
    contentType: pictureType(key) ?? answer.ContentType ?? 'application/octet-stream',
    etag: answer.ETag!,
    modifiedAt: answer.LastModified!,
  }
}

/** Fails when `body` gives nothing for `timeout` ms while the reader asks; the reader may take its time. */
function withoutStall(body: Readable, timeout: number) {
  claim(body)
  const stream = Readable.from(chunksOf(body, timeout), { objectMode: false })
  stream.once('close', () => body.destroy())
  return stream
}

async function* chunksOf(body: Readable, timeout: number) {
  const chunks = body[Symbol.asyncIterator]()
  while (true) {
    const timer = setTimeout(() => body.destroy(new E_STORAGE_UNAVAILABLE()), timeout)
    const { done, value } = await orUnavailable(chunks.next()).finally(() => clearTimeout(timer))
    if (done) return
    yield value
  }
}
