import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until the condition holds, half a minute at most. */
export async function until(condition: () => Promise<boolean> | boolean, what: string) {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(20)) if (await condition()) return
  assert.fail(`Still not after 30 s: ${what}`)
}
