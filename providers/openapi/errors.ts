import { Exception } from '@adonisjs/core/exceptions'

/** Thrown when the description is made and a route has none, or names what is not there; the message names each. */
export class E_UNDESCRIBED extends Exception {
  static status = 500
  static code = 'E_UNDESCRIBED'
}
