import { Exception } from '@adonisjs/core/exceptions'

/** Base of what an upload or a picture is refused for: the message is written for the person who sent it. */
export class Refusal extends Exception {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
  }
}

const megabytes = (bytes: number) => `${+(bytes / 1e6).toFixed(1)} MB`

/** The request is not an upload by form. */
export class E_NOT_MULTIPART extends Refusal {
  static status = 415
  static code = 'E_NOT_MULTIPART'

  constructor() {
    super('Send the photograph as multipart/form-data, the file in the field "file".')
  }
}

/** The form cannot be understood: no boundary, cut off, too many parts. */
export class E_MALFORMED_UPLOAD extends Refusal {
  static status = 400
  static code = 'E_MALFORMED_UPLOAD'

  constructor(what: string, options?: ErrorOptions) {
    super(`The form cannot be read: ${what}. Send it again as complete multipart/form-data.`, options)
  }
}

/** The client went away before the form was complete. */
export class E_UPLOAD_ABORTED extends Refusal {
  static status = 400
  static code = 'E_UPLOAD_ABORTED'

  constructor() {
    super('The connection ended before the upload was complete.')
  }
}

/** The client sends too slowly, or not at all. */
export class E_UPLOAD_STALLED extends Refusal {
  static status = 408
  static code = 'E_UPLOAD_STALLED'

  constructor() {
    super('The upload came to a standstill. Try again on a better connection.')
  }
}

/** The file, or the whole form, is larger than `maxBytes`. */
export class E_UPLOAD_TOO_LARGE extends Refusal {
  static status = 413
  static code = 'E_UPLOAD_TOO_LARGE'

  constructor(maxBytes: number) {
    super(`The file is too large: at most ${megabytes(maxBytes)} are taken.`)
  }
}

/** A field of the form that is unknown, repeated, too long, or of the wrong kind. */
export class E_UPLOAD_FIELD extends Refusal {
  static status = 422
  static code = 'E_UPLOAD_FIELD'

  constructor(
    /** The name of the field as it was sent, shortened. */
    public readonly field: string,
    problem: string
  ) {
    super(`The field "${field}" ${problem}.`)
  }
}

/** The form has no file, or an empty one. */
export class E_FILE_MISSING extends Refusal {
  static status = 422
  static code = 'E_FILE_MISSING'

  constructor(problem: string) {
    super(`${problem} Send one photograph in the field "file".`)
  }
}

/** The form has more than one file. */
export class E_TOO_MANY_FILES extends Refusal {
  static status = 422
  static code = 'E_TOO_MANY_FILES'

  constructor() {
    super('The form holds more than one file. Send one photograph at a time.')
  }
}

/** The bytes are not those of a kind of picture that is taken. */
export class E_UNSUPPORTED_PICTURE extends Refusal {
  static status = 415
  static code = 'E_UNSUPPORTED_PICTURE'

  constructor() {
    super('This file is not a picture of a kind that is taken here: send a JPEG, PNG, WebP, AVIF or GIF.')
  }
}

/** The picture is of a known kind and cannot be read to its end. */
export class E_BROKEN_PICTURE extends Refusal {
  static status = 422
  static code = 'E_BROKEN_PICTURE'

  constructor(options?: ErrorOptions) {
    super('The picture is damaged or incomplete. Check that it opens on your device, then send it again.', options)
  }
}

/** The picture has more pixels than `maxPixels`. */
export class E_TOO_MANY_PIXELS extends Refusal {
  static status = 422
  static code = 'E_TOO_MANY_PIXELS'

  constructor(width: number, height: number, maxPixels: number) {
    super(`A picture of ${width} × ${height} is too large: at most ${maxPixels / 1e6} megapixels are taken.`)
  }
}

/** The picture is saved in a way that takes more than `decodeMemory` to open. */
export class E_PICTURE_TOO_HEAVY extends Refusal {
  static status = 422
  static code = 'E_PICTURE_TOO_HEAVY'

  constructor() {
    super('The way this picture is saved takes too much memory to open. Send it smaller, or as a plain JPEG.')
  }
}

/** The animation has more frames than `maxFrames`. */
export class E_TOO_MANY_FRAMES extends Refusal {
  static status = 422
  static code = 'E_TOO_MANY_FRAMES'

  constructor(maxFrames: number) {
    super(`The animation is too long: at most ${maxFrames} frames are taken, and only the first is shown.`)
  }
}

/** All that an upload may be refused with. */
export const UPLOAD_FAILURES = [
  E_NOT_MULTIPART,
  E_MALFORMED_UPLOAD,
  E_UPLOAD_ABORTED,
  E_UPLOAD_STALLED,
  E_UPLOAD_TOO_LARGE,
  E_UPLOAD_FIELD,
  E_FILE_MISSING,
  E_TOO_MANY_FILES,
  E_UNSUPPORTED_PICTURE,
  E_BROKEN_PICTURE,
  E_TOO_MANY_PIXELS,
  E_PICTURE_TOO_HEAVY,
  E_TOO_MANY_FRAMES,
]
