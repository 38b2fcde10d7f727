import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until the condition holds, half a minute at most unless told otherwise. */
export async function until(condition: () => Promise<boolean> | boolean, what: string, seconds = 30) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(20)) if (await condition()) return
  assert.fail(`Still not after ${seconds} s: ${what}`)
}
