import { Exception } from '@adonisjs/core/exceptions'

/** A list of proxies that holds something else than addresses. */
export class E_INVALID_PROXY extends Exception {
  static status = 500
  static code = 'E_INVALID_PROXY'

  constructor(entry: string) {
    super(`"${entry}" is no proxy: list addresses or ranges, such as TRUSTED_PROXIES=10.0.0.0/8,192.0.2.7`)
  }
}
