import { ScopeMissing } from '#exceptions/domain'
import { E_BROKEN_PICTURE, E_BUSY, UPLOAD_FAILURES } from '#providers/media/index'
import type { Failure, OpenApiConfig } from '#providers/openapi/index'
import { E_STORAGE_UNAVAILABLE } from '#providers/storage/index'

const failure = (status: number, code: string, message: string): Failure => ({ status, code, message })

export const Unauthorized = failure(401, 'E_UNAUTHORIZED_ACCESS', 'Send a valid token as `Authorization: Bearer …`.')
export const Stale = failure(412, 'E_PRECONDITION_FAILED', 'It is not as `If-Match` says any more.')
export const Taken = failure(409, 'E_TAKEN', 'Somebody else has one of the names.')

/** Where files are read or written. */
export const StorageUnavailable = E_STORAGE_UNAVAILABLE as unknown as Failure
export const BrokenPicture = E_BROKEN_PICTURE as unknown as Failure
export const uploadFailures = [...(UPLOAD_FAILURES as unknown as Failure[]), StorageUnavailable]

const ALWAYS = [
  failure(400, 'E_BAD_URL', 'The address is malformed.'),
  failure(400, 'E_MALFORMED_REQUEST', 'The request is malformed.'),
  failure(429, 'E_TOO_MANY_REQUESTS', 'Wait for the seconds in `Retry-After`.'),
  E_BUSY as unknown as Failure,
  failure(503, 'E_UNAVAILABLE', 'A server that is needed does not answer: try again.'),
  failure(500, 'E_INTERNAL', 'The server failed: it is logged.'),
]
const WITH_BODY = [
  failure(400, 'E_MALFORMED_BODY', 'The body is not JSON.'),
  failure(408, 'E_BODY_STALLED', 'The body came too slowly.'),
  failure(413, 'E_BODY_TOO_LARGE', 'The body is larger than is read here.'),
  failure(415, 'E_UNSUPPORTED_BODY', 'Send JSON, with `Content-Type: application/json`.'),
]
const WITH_FIELDS = [failure(422, 'E_VALIDATION_ERROR', 'See the fields named in `errors`.')]
const CHANGING = [failure(409, 'E_CHANGED_MEANWHILE', 'Another request changed this at the same moment.')]

/** What a POST with an `Idempotency-Key` may be refused with. */
export const repeatFailures = [
  failure(400, 'E_IDEMPOTENCY_KEY', 'The key has 1 to 255 printable characters of ASCII.'),
  failure(409, 'E_IDEMPOTENCY_RUNNING', 'The first request with this key is still running.'),
  failure(422, 'E_IDEMPOTENCY_MISMATCH', 'The key was used for another request.'),
  failure(429, 'E_IDEMPOTENCY_EXHAUSTED', 'The key was tried too often.'),
]

/** What any operation of its kind may be refused with. */
export const commonFailures: OpenApiConfig['failures'] = ({
  method,
  isRepeatable,
  query,
  body,
  form,
  scope,
  isOptional,
}) => [
  ...ALWAYS,
  ...(scope ? [Unauthorized, ScopeMissing as unknown as Failure] : []),
  ...(isRepeatable ? repeatFailures : []),
  ...(query || body || form ? WITH_FIELDS : []),
  ...(method === 'get' ? [] : WITH_BODY),
  ...(body || form ? CHANGING : []),
  ...(scope && !isOptional ? CHANGING : []),
]
