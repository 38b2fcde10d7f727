import { randomFillSync } from 'node:crypto'

/** What a UUID looks like, in either case. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const BYTES = 10
const pool = Buffer.alloc(BYTES * 512)
let spent = pool.length
let lastTime = 0
let counter = 0

/**
 * A UUID of version 7 whose text grows from call to call, within a millisecond too: the 12 bits behind the time are a
 * counter that starts at a random place each millisecond, and borrows the next millisecond when it is used up
 * (RFC 9562, section 6.2, method 1). The other 62 bits are random.
 *
 * @returns 36 characters in lower case.
 */
export function uuidv7(now = Date.now()): string {
  if (spent === pool.length) {
    randomFillSync(pool)
    spent = 0
  }
  const random = pool.subarray(spent, (spent += BYTES))

  if (now > lastTime) {
    lastTime = now
    counter = random.readUInt16BE(8) & 0x7ff
  } else if (++counter > 0xfff) {
    lastTime++
    counter = 0
  }

  const time = lastTime.toString(16).padStart(12, '0')
  const tail = random.toString('hex', 0, 8)
  const variant = (8 | (random[0] & 3)).toString(16)
  const count = counter.toString(16).padStart(3, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${variant}${tail.slice(1, 4)}-${tail.slice(4)}`
}
