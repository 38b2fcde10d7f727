import { Exception } from '@adonisjs/core/exceptions'

/** Thrown at boot when writes could pass the counters by; the message names each table and what is wrong. */
export class E_COUNTERS_STALE extends Exception {
  static status = 500
  static code = 'E_COUNTERS_STALE'

  constructor(readonly problems: string[]) {
    super(`The counters would miss writes: ${problems.join('; ')}. Run the migrations, or "counters:repair".`)
  }
}

/** Thrown for a declaration that names an attribute, a table or a column that is not there. */
export class E_COUNTER_DECLARATION extends Exception {
  static status = 500
  static code = 'E_COUNTER_DECLARATION'
}
