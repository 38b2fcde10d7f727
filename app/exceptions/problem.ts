import { STATUS_CODES } from 'node:http'
import string from '@adonisjs/core/helpers/string'
import { connectionLost, uniqueViolation } from '#providers/portable/index'
import { E_RESTORE_CONFLICT } from '#providers/soft_delete/index'
import { MalformedBody, type FieldError } from '#exceptions/domain'

/** An RFC 9457 problem. */
export interface Problem {
  type: 'about:blank'
  title: string
  status: number
  code: string
  detail: string
  errors?: FieldError[]
  /** Of a fault of ours: under which its cause is in the log. */
  requestId?: string
}

/** Words of our own where a library would speak of its internals. */
const KNOWN: Record<string, [status: number, code: string, detail: string]> = {
  E_UNAUTHORIZED_ACCESS: [
    401,
    'E_UNAUTHORIZED_ACCESS',
    'A valid token is needed: log in, and send it as "Authorization: Bearer …".',
  ],
  E_ROUTE_NOT_FOUND: [404, 'E_NOT_FOUND', 'There is no such address: see the README for those that are.'],
  E_ROW_NOT_FOUND: [404, 'E_NOT_FOUND', 'There is nothing here that you may see.'],
  E_REQUEST_ENTITY_TOO_LARGE: [413, 'E_BODY_TOO_LARGE', 'The body is larger than is read here.'],
  E_VALIDATION_ERROR: [422, 'E_VALIDATION_ERROR', 'What was sent is not valid: see the fields named in errors.'],
  E_TOO_MANY_REQUESTS: [
    429,
    'E_TOO_MANY_REQUESTS',
    'Too many of these in a short time: wait for the seconds in Retry-After, then try again.',
  ],
  ECONNREFUSED: [503, 'E_UNAVAILABLE', 'A server that is needed does not answer: try again soon.'],
  '23503': [409, 'E_CHANGED_MEANWHILE', 'What this belongs to was removed at the same moment.'],
  E_PARENT_TRASHED: [409, 'E_CHANGED_MEANWHILE', 'What this belongs to was removed at the same moment.'],
  SQLITE_CONSTRAINT_FOREIGNKEY: [409, 'E_CHANGED_MEANWHILE', 'What this belongs to was removed at the same moment.'],
  '57P03': [503, 'E_UNAVAILABLE', 'A server that is needed does not answer: try again soon.'],
  '53300': [503, 'E_UNAVAILABLE', 'A server that is needed has no room: try again soon.'],
  '40P01': [503, 'E_UNAVAILABLE', 'The database is busy: try again soon.'],
  SQLITE_BUSY: [503, 'E_UNAVAILABLE', 'The database is busy: try again soon.'],
}

/** What the sender is told of an error: never the words of a library, and nothing of the inside of a fault of ours. */
export function problemOf(error: any): Problem {
  const taken = error instanceof E_RESTORE_CONFLICT ? error : uniqueViolation(error)
  if (taken) return conflict(taken.columns)

  const known = KNOWN[error?.code]
  if (known) return problem(...known, error.code === 'E_VALIDATION_ERROR' ? fieldErrors(error) : undefined)
  if (connectionLost(error))
    return problem(503, 'E_UNAVAILABLE', 'A server that is needed broke off: look whether it was done, and try again.')
  if (error?.name === 'KnexTimeoutError')
    return problem(503, 'E_BUSY', 'The server has no connection to its database free: try again soon.')

  const status = Number(error?.status) || 500
  if (isForTheSender(status) && typeof error.code === 'string' && error.code.startsWith('E_'))
    return problem(status, error.code, error.message)
  if (status >= 400 && status < 500) return problem(MalformedBody.status, MalformedBody.code, MalformedBody.message)
  return problem(500, 'E_INTERNAL', 'The server failed here. It is logged, and trying again later may help.')
}

/** The words of other errors of 500 and above are for the log. */
function isForTheSender(status: number) {
  return (status >= 400 && status < 500) || status === 503
}

function problem(status: number, code: string, detail: string, errors?: FieldError[]): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail, errors }
}

function conflict(columns: string[]): Problem {
  const errors = columns.map((column) => {
    const field = string.camelCase(column.replace(/_(key|skeleton)$/, ''))
    const taken = column.endsWith('_skeleton') ? 'taken, or looks like one that is' : 'taken'
    return { field, rule: 'unique', message: `The ${field} is ${taken}: choose another` }
  })
  return problem(409, 'E_TAKEN', errors[0].message, errors)
}

function fieldErrors(error: any): FieldError[] {
  const messages: FieldError[] = error.errors ?? error.messages
  return messages.map(({ field, rule, message }) => ({ field, rule, message }))
}
