import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'

/**
 * Signs a subject, such as a key, together with a time of expiry: HMAC-SHA256 over both, under the name of a purpose, so
 * that no signature made with the same secret for another purpose passes for one. Nothing is stored, so a signature cannot be taken back before it
 * expires.
 */
export class Signer {
  #secret: KeyObject

  constructor(
    secret: string,
    private purpose: 'signed-file' | 'direct-upload' = 'signed-file'
  ) {
    this.#secret = createSecretKey(secret, 'utf8')
  }

  /**
   * @param expires seconds since 1970.
   * @returns 43 characters of base64url.
   */
  sign(subject: string, expires: number | string) {
    return createHmac('sha256', this.#secret).update(`${this.purpose}\n${subject}\n${expires}`).digest('base64url')
  }

  /** Whether `signature` was made for exactly this subject and time, and the time has not come. Takes hostile input. */
  verify(subject: string, expires: unknown, signature: unknown) {
    if (typeof expires !== 'string' || typeof signature !== 'string') return false
    if (!/^\d{1,12}$/.test(expires) || !/^[\w-]{43}$/.test(signature)) return false
    const expected = Buffer.from(this.sign(subject, expires), 'latin1')
    return timingSafeEqual(expected, Buffer.from(signature, 'latin1')) && Number(expires) * 1_000 > Date.now()
  }
}
