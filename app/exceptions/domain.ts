import { Exception } from '@adonisjs/core/exceptions'

export interface FieldError {
  field: string
  rule: string
  message: string
}

/** What was sent is well-formed, but names something that is not there or not the sender's. */
export class Invalid extends Exception {
  static status = 422
  static code = 'E_VALIDATION_ERROR'

  constructor(public readonly errors: FieldError[]) {
    super('What was sent is not valid: see the fields named in errors.')
  }
}

export class WrongCredentials extends Exception {
  static status = 401
  static code = 'E_WRONG_CREDENTIALS'
  static message = 'There is no account with this name and password.'
}

export class Forbidden extends Exception {
  static status = 403
  static code = 'E_FORBIDDEN'
  static message = 'Only the owner may do this.'
}

export class Suspended extends Exception {
  static status = 403
  static code = 'E_SUSPENDED'
  static message = 'This account is suspended: ask those who run the server.'
}

export class Oneself extends Exception {
  static status = 422
  static code = 'E_ONESELF'
  static message = 'Nobody follows, blocks or mutes themselves: name another account.'
}

export class ScopeMissing extends Exception {
  static status = 403
  static code = 'E_SCOPE_MISSING'
  static message = 'The token is not good for this: log in again and ask for the scope.'

  constructor(scope?: string) {
    super(scope && `The token is not good for this: it needs the scope "${scope}".`)
  }
}

export class MethodNotAllowed extends Exception {
  static status = 405
  static code = 'E_METHOD_NOT_ALLOWED'

  constructor(readonly allowed: string[]) {
    super(`This address does not take the method: it takes ${allowed.join(', ')}.`)
  }
}

export class NotFound extends Exception {
  static status = 404
  static code = 'E_NOT_FOUND'
  static message = 'There is nothing here that you may see.'
}

export class UnsupportedBody extends Exception {
  static status = 415
  static code = 'E_UNSUPPORTED_BODY'
  static message = 'The body is of a type that is not read here: send JSON, with Content-Type: application/json.'
}

export class MalformedBody extends Exception {
  static status = 400
  static code = 'E_MALFORMED_BODY'
  static message = 'The body is not JSON: send an object, with Content-Type: application/json.'
}

export class TooManyPins extends Exception {
  static status = 409
  static code = 'E_TOO_MANY_PINS'

  constructor(most: number) {
    super(`At most ${most} posts are pinned at once: unpin one first.`)
  }
}

export class Archived extends Exception {
  static status = 409
  static code = 'E_ARCHIVED'
  static message = 'An archived post is not on the grid: take it out of the archive first, then pin it.'
}

export class CommentsLocked extends Exception {
  static status = 403
  static code = 'E_COMMENTS_LOCKED'
  static message = 'The author of the post has locked its comments: nobody else can write here until they are unlocked.'
}

export class TooDeep extends Exception {
  static status = 409
  static code = 'E_TOO_DEEP'

  constructor(most?: number) {
    super(`Replies go ${most} levels deep and no deeper: answer a comment further up.`)
  }
}

export class NotPinnable extends Exception {
  static status = 409
  static code = 'E_NOT_PINNABLE'
  static message = 'Only a comment on the post itself can be pinned: pin the one at the top of this thread.'
}

export class ChangedMeanwhile extends Exception {
  static status = 409
  static code = 'E_CHANGED_MEANWHILE'
  static message = 'Another request changed this at the same moment: look at it again, then repeat.'
}

export class TooManyUploads extends Exception {
  static status = 409
  static code = 'E_TOO_MANY_UPLOADS'

  constructor(most: number) {
    super(`At most ${most} uploads are pending at once: complete one first, or wait until one expires.`)
  }
}

export class NotUploaded extends Exception {
  static status = 409
  static code = 'E_NOT_UPLOADED'
  static message = 'The file is not there: send it to the address of the upload first.'
}

export class AlreadyUploaded extends Exception {
  static status = 412
  static code = 'E_ALREADY_UPLOADED'
  static message = 'The file is there already: complete the upload, or start another one.'
}

export class UploadExpired extends Exception {
  static status = 410
  static code = 'E_UPLOAD_EXPIRED'
  static message = 'The time for this upload is over: start another one.'
}

export class UploadRefused extends Exception {
  static status = 403
  static code = 'E_UPLOAD_REFUSED'
  static message =
    'This address takes one file, of the type and the length that it was made for, until it expires: ' +
    'send Content-Type and Content-Length, or start another upload.'
}

export class MediumInUse extends Exception {
  static status = 409
  static code = 'E_MEDIUM_IN_USE'
  static message = 'A post or an avatar shows this medium: delete the post, or take the avatar away, first.'
}
