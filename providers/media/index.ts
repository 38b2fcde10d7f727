import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { Gate } from '#providers/gate/index'
import type { MediaConfig } from './define_config.js'
import type { FocalPoint, Picture, Variant } from './picture.js'
import { bodyOf, receive, spoolFile, sweepSpool, type Upload } from './upload.js'

export { E_BUSY } from '#providers/gate/index'
export * from './errors.js'
export { lingeringClose } from './lingering_close.js'
export { defineConfig, type MediaConfig } from './define_config.js'
export type { FocalPoint, Picture, Variant, VariantFormat, VariantName } from './picture.js'
export type { Upload } from './upload.js'

/** The part of a gate that a megabyte takes. */
const WEIGHT_UNIT = 1_000_000

/**
 * Takes photographs in: an upload becomes a file on disk, the file a picture in several sizes, and no more of both at
 * once than the machine can bear. It knows nothing of posts, of storage, or of the database.
 */
export class Media {
  #uploads: Gate
  #decodes: Gate
  #smallest: number

  constructor(private config: MediaConfig) {
    const { uploadsAtOnce, picturesAtOnce, decodeMemory } = config
    const capacity = Math.max(1, Math.floor(decodeMemory / WEIGHT_UNIT))
    this.#uploads = new Gate({ name: 'uploads', capacity: uploadsAtOnce, queue: 0, retryAfter: 5 })
    this.#decodes = new Gate({ name: 'pictures', capacity, queue: Infinity })
    this.#smallest = Math.ceil(capacity / picturesAtOnce)
  }

  /** Uploads in hand, and pictures that wait for their turn. */
  get load() {
    return { uploads: this.#uploads.inside, waiting: this.#decodes.waiting }
  }

  /**
   * Counts an upload as in hand from its first byte to its last variant: everything else of this class belongs inside.
   *
   * @param work receives the upload and makes of it what is wanted.
   * @returns what `work` returns.
   * @throws E_BUSY (503, with `retryAfter` in seconds) at once, before the body is read, when `uploadsAtOnce` are in hand.
   */
  admit<Result>(work: () => Promise<Result>) {
    return this.#uploads.run(work)
  }

  /**
   * Receives a `multipart/form-data` body: one file in the field `file`, spooled to disk, and the given text fields, which
   * are as the client sent them. The file is there while `use` runs and is removed however that ends. Where the body is
   * refused before its end, the answer will close the connection (see `lingeringClose`).
   *
   * @param request whose body nobody has read.
   * @param response its answer, not yet begun.
   * @param use what to do with the upload.
   * @param fields the text fields that may come along.
   * @returns what `use` returns.
   * @throws E_NOT_MULTIPART (415).
   * @throws E_UPLOAD_TOO_LARGE (413), before anything is read where the length is announced, else once `maxBytes` were read.
   * @throws E_MALFORMED_UPLOAD (400) for a form that is cut off, damaged or of too many parts.
   * @throws E_UPLOAD_ABORTED (400) when the client goes away, E_UPLOAD_STALLED (408) when it falls behind `pace`.
   * @throws E_UPLOAD_FIELD (422) for a field that is unknown, repeated or longer than 16 KB, by its name.
   * @throws E_FILE_MISSING (422) for no file or an empty one, E_TOO_MANY_FILES (422) for two.
   */
  receive<Result, Field extends string = 'altText' | 'focalPoint'>(
    request: IncomingMessage,
    response: ServerResponse,
    use: (upload: Upload<Field>) => Promise<Result>,
    fields: readonly Field[] = ['altText', 'focalPoint'] as Field[]
  ) {
    return receive(request, response, fields, this.config, use)
  }

  /**
   * The body of a request that is the file itself, as a stream to store: it fails where `receive` would refuse it.
   *
   * @param request whose body nobody has read.
   * @param size the most bytes that it may have.
   * @returns a stream that fails with E_UPLOAD_TOO_LARGE (413), E_UPLOAD_ABORTED (400) or E_UPLOAD_STALLED (408).
   */
  body(request: IncomingMessage, size: number): Readable {
    return bodyOf(request, size, this.config.pace)
  }

  /**
   * Spools a file that was stored elsewhere. It is there while `use` runs and is removed however that ends.
   *
   * @param file its bytes.
   * @param use receives the path, for `picture`.
   * @returns what `use` returns.
   * @throws E_UPLOAD_TOO_LARGE (413) beyond `maxBytes`, and what the stream fails with.
   */
  spool<Result>(file: Readable, use: (path: string) => Promise<Result>): Promise<Result> {
    return spoolFile(file, this.config, use)
  }

  /**
   * Makes variants of a picture, as WebP and JPEG: `square` (320 pixels, cut around the focal point), and `small`, `medium`
   * and `full`, which fit into squares of 640, 1080 and 2048. They are upright, sRGB, never enlarged and without
   * metadata; transparency is kept in WebP and white in JPEG. Of an animation the first frame is taken. Waits for its turn.
   *
   * @param path a JPEG, PNG, WebP, AVIF or GIF; its name does not matter.
   * @param options.focalPoint where to cut the square; the centre unless given.
   * @throws E_UNSUPPORTED_PICTURE (415) for any other kind of file.
   * @throws E_TOO_MANY_PIXELS, E_TOO_MANY_FRAMES, E_PICTURE_TOO_HEAVY (422) by the header, before anything is decoded.
   * @throws E_BROKEN_PICTURE (422) for a picture that cannot be read to its end.
   */
  async picture(path: string, options: { focalPoint?: FocalPoint } = {}): Promise<Picture> {
    const { readHeader, makePicture } = await import('./picture.js')
    const header = await readHeader(path, this.config)
    return this.#inTurn(header.memory, () => makePicture(path, header, options.focalPoint, this.config, this.config))
  }

  /**
   * Makes the two `square` variants anew, for a focal point that was changed. Waits for its turn.
   *
   * @param full reads a stored `full` variant, of either format: not before it is its turn, so that none waits in memory.
   * @param focalPoint where to cut.
   * @throws E_BROKEN_PICTURE (422) when it cannot be read, and what `full` fails with.
   */
  async square(full: () => Promise<Buffer>, focalPoint?: FocalPoint): Promise<Variant[]> {
    const { makeSquare } = await import('./picture.js')
    return this.#inTurn(0, async () => makeSquare(await full(), focalPoint, this.config))
  }

  /**
   * Removes what killed processes left in the spool directory, and makes the directory.
   *
   * @returns how many files were removed.
   */
  sweep() {
    return sweepSpool(this.config.spoolDirectory)
  }

  #inTurn<Result>(memory: number, work: () => Promise<Result>) {
    return this.#decodes.run(work, Math.max(this.#smallest, Math.ceil(memory / WEIGHT_UNIT)))
  }
}
