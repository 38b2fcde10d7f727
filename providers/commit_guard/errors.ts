import { Exception } from '@adonisjs/core/exceptions'

/** Thrown by a commit that the database turned into a rollback, because a statement before it had failed. */
export class E_COMMIT_FAILED extends Exception {
  static status = 500
  static code = 'E_COMMIT_FAILED'
  static message =
    'The transaction was rolled back instead of committed: one of its statements had failed, and the error was caught. ' +
    'Put a statement that may fail into a nested transaction.'
}
