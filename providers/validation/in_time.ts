import { Exception } from '@adonisjs/core/exceptions'

/** A body whose sender stopped sending, or sends a byte now and then. */
export class E_BODY_STALLED extends Exception {
  static status = 408
  static code = 'E_BODY_STALLED'
  static message = 'The body took too long to arrive. Try again on a better connection.'
}

/**
 * Waits for a body no longer than given.
 *
 * @param seconds from now to its last byte.
 * @param read reads it; what becomes of that after the time is up, an error too, is of no interest to anyone.
 * @throws E_BODY_STALLED (408).
 */
export async function inTime(seconds: number, read: () => Promise<unknown>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new E_BODY_STALLED()), seconds * 1000).unref()
  try {
    await Promise.race([read(), late])
  } finally {
    clearTimeout(timer)
  }
}
