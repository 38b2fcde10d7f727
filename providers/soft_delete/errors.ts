import { Exception } from '@adonisjs/core/exceptions'

/** Thrown when a row would live under a parent that is in the trash: restored, made or moved there. */
export class E_PARENT_TRASHED extends Exception {
  static status = 409
  static code = 'E_PARENT_TRASHED'
  static message = 'What this belongs to is in the trash. Restore that first.'
}

/** Thrown by a restore when somebody took a unique value meanwhile; nothing was restored. `cause` is the database's error. */
export class E_RESTORE_CONFLICT extends Exception {
  static status = 409
  static code = 'E_RESTORE_CONFLICT'

  /**
   * @param table where the value is taken.
   * @param columns the columns of the unique index, as the database names them.
   */
  constructor(
    readonly table: string,
    readonly columns: string[],
    options: { cause: unknown }
  ) {
    super(`Another row has the same ${columns.join(', ')} now. Change one of the two, then restore.`, options)
  }
}

/** Thrown by the restore of a row that was deleted for good meanwhile. */
export class E_PURGED extends Exception {
  static status = 404
  static code = 'E_PURGED'
  static message = 'The row is no longer in the trash: it was deleted for good.'
}

/** Thrown for a declaration that cannot be kept, such as a cascade to a model without a trash; the message says which. */
export class E_SOFT_DELETE_CONFIG extends Exception {
  static status = 500
  static code = 'E_SOFT_DELETE_CONFIG'
}
