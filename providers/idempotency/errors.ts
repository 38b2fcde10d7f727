import { Exception } from '@adonisjs/core/exceptions'

/** Seconds after which a request that is still running is worth asking for again. */
const SOON = 1

/** The header is not a key. */
export class E_IDEMPOTENCY_KEY extends Exception {
  static status = 400
  static code = 'E_IDEMPOTENCY_KEY'
  static message = 'An Idempotency-Key has 1 to 255 printable characters of ASCII: a random UUID is a good one.'
}

/** The key was used for another request. */
export class E_IDEMPOTENCY_MISMATCH extends Exception {
  static status = 422
  static code = 'E_IDEMPOTENCY_MISMATCH'
  static message = 'This Idempotency-Key was sent with another request before: each request needs a key of its own.'
}

/** The first request with the key has no answer yet. */
export class E_IDEMPOTENCY_RUNNING extends Exception {
  static status = 409
  static code = 'E_IDEMPOTENCY_RUNNING'
  static message = 'The first request with this Idempotency-Key is still running: send the same again in a moment.'
  readonly retryAfter = SOON
}

/** Somebody without a log-in asked for an answer more often than a client would who lost it. */
export class E_IDEMPOTENCY_EXHAUSTED extends Exception {
  static status = 429
  static code = 'E_IDEMPOTENCY_EXHAUSTED'
  static message = 'The answer to this Idempotency-Key was asked for too often without a log-in: use another key.'
  readonly retryAfter = 86_400
}

/** A mistake in the program: what a request made was not committed by a transaction that could keep its key. */
export class E_IDEMPOTENCY_NOT_KEPT extends Exception {
  static status = 500
  static code = 'E_IDEMPOTENCY_NOT_KEPT'
  static message =
    'What ctx.once() made was not made in a transaction: give db.transaction() a callback that writes it and returns it.'
}
