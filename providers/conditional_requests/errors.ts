import { Exception } from '@adonisjs/core/exceptions'

/** Thrown where a row is at another version than the ones that its change was meant for; then nothing was changed. */
export class E_PRECONDITION_FAILED extends Exception {
  static status = 412
  static code = 'E_PRECONDITION_FAILED'
  static message = 'This has changed since the version named in If-Match: get it again, then repeat the change.'
}
