import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Body, ByteRange, Destination, Disk, ExpectedFile } from './contract.js'
import { checkKeys, isKey } from './keys.js'
import { serveFile } from './serve.js'
import { Signer } from './signer.js'

export interface StorageConfig {
  disk: Disk
  /** The address of the server as others reach it. Files are under `/files/` there. */
  baseUrl: string
  /** What signs URLs: long, random and the same in all processes. */
  secret: string
}

/** What `serve` needs of an HttpContext. */
export interface ServeContext {
  request: { request: IncomingMessage }
  response: { response: ServerResponse; relayHeaders(): void }
  logger: { warn(details: object, message: string): void }
}

/**
 * The configured disk, with the URLs of its files and the answers to them.
 */
export class Storage implements Disk {
  readonly disk: Disk
  #filesUrl: string
  #signer: Signer
  #uploadSigner: Signer

  constructor({ disk, baseUrl, secret }: StorageConfig) {
    this.disk = disk
    this.#filesUrl = `${baseUrl.replace(/\/+$/, '')}/files/`
    this.#signer = new Signer(secret)
    this.#uploadSigner = new Signer(secret, 'direct-upload')
  }

  /** The URL of a file that everyone may see. */
  url(key: string) {
    checkKeys(key)
    return this.#filesUrl + key
  }

  /**
   * A URL that opens one file until `expiresAt`, to the second. The same arguments give the same URL, so that rounding
   * `expiresAt` lets browsers keep the picture.
   */
  signedUrl(key: string, { expiresAt }: { expiresAt: Date }) {
    const expires = Math.floor(expiresAt.getTime() / 1_000)
    return `${this.url(key)}?expires=${expires}&signature=${this.#signer.sign(key, expires)}`
  }

  /** Whether the query of a request is that of a signed URL for this key which has not expired. Takes hostile input. */
  isSigned(key: string, query: Record<string, unknown>) {
    return isKey(key) && this.#signer.verify(key, query.expires, query.signature)
  }

  /**
   * An address at which a client may store one file, see `Disk.presign`: the disk's, or one of this server under `/files/`,
   * where whoever answers it asks `isPresigned` and `stat`.
   */
  async presign(key: string, file: ExpectedFile): Promise<Destination> {
    return (await this.disk.presign(key, file)) ?? this.#ownDestination(key, file)
  }

  /**
   * Whether a PUT to this server is one that `presign` allows and that has not expired. Takes hostile input.
   *
   * @param file.size the Content-Length, as it was sent.
   */
  isPresigned(
    key: string,
    query: Record<string, unknown>,
    { contentType, size }: { contentType: string; size: string }
  ) {
    return isKey(key) && this.#uploadSigner.verify([key, contentType, size].join('\n'), query.expires, query.signature)
  }

  /**
   * Answers a GET or HEAD with a file, ranges and conditions included, and the headers that the context already has.
   *
   * @returns false, with nothing sent, when there is no such file: answer 404.
   * @throws E_STORAGE_UNAVAILABLE, with nothing sent.
   */
  serve({ request, response, logger }: ServeContext, key: string, { cacheControl }: { cacheControl: string }) {
    response.relayHeaders()
    const onBrokenBody = (err: unknown) => logger.warn({ err, key }, 'the storage broke off in the middle of a file')
    return serveFile(request.request, response.response, this.disk, key, { cacheControl, onBrokenBody })
  }

  #ownDestination(key: string, { contentType, size, expiresAt }: ExpectedFile) {
    const expires = Math.floor(expiresAt.getTime() / 1_000)
    const signature = this.#uploadSigner.sign([key, contentType, size].join('\n'), expires)
    return {
      url: `${this.url(key)}?expires=${expires}&signature=${signature}`,
      headers: { 'Content-Type': contentType },
    }
  }

  ready() {
    return this.disk.ready()
  }

  put(key: string, body: Body, options: { contentType: string }) {
    return this.disk.put(key, body, options)
  }

  open(key: string, range?: ByteRange) {
    return this.disk.open(key, range)
  }

  stat(key: string) {
    return this.disk.stat(key)
  }

  copy(from: string, to: string) {
    return this.disk.copy(from, to)
  }

  delete(keys: string[]) {
    return this.disk.delete(keys)
  }

  list(prefix: string, page: { limit: number; cursor?: string | null }) {
    return this.disk.list(prefix, page)
  }
}
