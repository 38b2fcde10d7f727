import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'

/**
 * Signs a key together with a time of expiry: HMAC-SHA256 over both, under a name of its own, so that no other
 * signature made with the same secret passes for one. Nothing is stored, so a signature cannot be taken back before it
 * expires.
 */
export class Signer {
  #secret: KeyObject

  constructor(secret: string) {
    this.#secret = createSecretKey(secret, 'utf8')
  }

  /**
   * @param expires seconds since 1970.
   * @returns 43 characters of base64url.
   */
  sign(key: string, expires: number | string) {
    return createHmac('sha256', this.#secret).update(`signed-file\n${key}\n${expires}`).digest('base64url')
  }

  /** Whether `signature` was made for exactly this key and time, and the time has not come. Takes hostile input. */
  verify(key: string, expires: unknown, signature: unknown) {
    if (typeof expires !== 'string' || typeof signature !== 'string') return false
    if (!/^\d{1,12}$/.test(expires) || !/^[\w-]{43}$/.test(signature)) return false
    const expected = Buffer.from(this.sign(key, expires), 'latin1')
    return timingSafeEqual(expected, Buffer.from(signature, 'latin1')) && Number(expires) * 1_000 > Date.now()
  }
}
