import { Exception } from '@adonisjs/core/exceptions'

/** Thrown at boot when the triggers are not those that the declarations ask for; the message names each table. */
export class E_CHANGE_LOG_STALE extends Exception {
  static status = 500
  static code = 'E_CHANGE_LOG_STALE'

  constructor(readonly problems: string[]) {
    super(`The change log would miss writes: ${problems.join('; ')}. Run "changes:install".`)
  }
}

/** Thrown for a declaration that cannot be watched: a column that is not there or holds binary data, a table without key. */
export class E_CHANGE_LOG_DECLARATION extends Exception {
  static status = 500
  static code = 'E_CHANGE_LOG_DECLARATION'
}

/** Thrown at boot when a setting or a subscriber is missing, late or in the way of another; the message names it. */
export class E_CHANGE_LOG_CONFIG extends Exception {
  static status = 500
  static code = 'E_CHANGE_LOG_CONFIG'
}

/** What a hook that does not end in time has failed with. */
export class E_CHANGE_HOOK_TIMEOUT extends Exception {
  static status = 500
  static code = 'E_CHANGE_HOOK_TIMEOUT'
}

/** Thrown by the store of a process that does not lead, or lost the connection that it led by. Another leads, or soon will. */
export class E_CHANGE_LOG_NOT_LEADING extends Exception {
  static status = 500
  static code = 'E_CHANGE_LOG_NOT_LEADING'
  static message = 'This process does not lead the relay of the change log.'
}
