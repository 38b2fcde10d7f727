import { Exception } from '@adonisjs/core/exceptions'

/** Thrown for a key that no disk takes, see `Disk` for what a key is. */
export class E_INVALID_KEY extends Exception {
  static status = 400
  static code = 'E_INVALID_KEY'
  static message =
    'A file key is at most 512 letters, digits and . _ - in segments between slashes; ' +
    'a segment has 1 to 255 of them and does not begin with a dot.'
}

/** Thrown for a content type that is malformed, or another than the ending of the key says. */
export class E_INVALID_CONTENT_TYPE extends Exception {
  static status = 400
  static code = 'E_INVALID_CONTENT_TYPE'
  static message =
    'A content type reads "type/subtype", in at most 127 ASCII characters; ' +
    'a key with the ending of a picture is stored and copied with the type of that ending only.'
}

/** Thrown by a disk that cannot hold the file `a/1` beside the file `a/1/x`. */
export class E_KEY_CONFLICT extends Exception {
  static status = 409
  static code = 'E_KEY_CONFLICT'
  static message =
    'This disk holds a folder where the file should go, or a file where its folder should. Choose another key.'
}

/** Thrown by a copy whose source is not there. */
export class E_FILE_MISSING extends Exception {
  static status = 404
  static code = 'E_FILE_MISSING'
  static message = 'The file to copy does not exist.'
}

/** Thrown for a range that begins beyond the end of the file, or ends before it begins. */
export class E_RANGE_NOT_SATISFIABLE extends Exception {
  static status = 416
  static code = 'E_RANGE_NOT_SATISFIABLE'
  static message = 'The range lies outside the file.'
}

/** Thrown when the disk is down, full, too slow or refuses us; `cause` says which. */
export class E_STORAGE_UNAVAILABLE extends Exception {
  static status = 503
  static code = 'E_STORAGE_UNAVAILABLE'
  static message = 'The file storage is unavailable. Try again in a few seconds.'

  /** Seconds after which to come again. */
  readonly retryAfter = 5

  constructor(options?: { cause?: unknown }) {
    super(undefined, options)
  }
}

/** Thrown at boot when a setting of the chosen disk is missing; the message names it. */
export class E_STORAGE_CONFIG extends Exception {
  static status = 500
  static code = 'E_STORAGE_CONFIG'
}

/**
 * Turns what `promise` rejects with into E_STORAGE_UNAVAILABLE, with the original as its `cause`. Our own errors pass.
 */
export async function orUnavailable<Result>(promise: Promise<Result>): Promise<Result> {
  try {
    return await promise
  } catch (cause) {
    throw cause instanceof Exception ? cause : new E_STORAGE_UNAVAILABLE({ cause })
  }
}
