/*
 * The server, which kills itself as `kill -9` would where the header `die-at` of a request with a key says so.
 */
import { ignitor } from '../../../bin/ignitor.js'

await ignitor()
  .tap((app) => app.starting(arm))
  .httpServer()
  .start()

async function arm() {
  const { onCommitted } = await import('#providers/commit_guard/index')
  const { Idempotency } = await import('#providers/idempotency/index')
  const { Keys } = await import('#providers/idempotency/keys')
  const { handle } = Idempotency.prototype
  const { insert, answer } = Keys.prototype

  let point: string | undefined
  let isKept = false
  const reach = (where: string) => {
    if (point === where) process.kill(process.pid, 'SIGKILL')
  }
  Idempotency.prototype.handle = function (...values) {
    point = values[0].request.header('die-at')
    return handle.apply(this, values)
  }
  Keys.prototype.insert = async function (...values) {
    await insert.apply(this, values)
    isKept = true
    reach('before the COMMIT')
  }
  onCommitted(() => isKept && reach('after the COMMIT'))
  Keys.prototype.answer = async function (...values) {
    await answer.apply(this, values)
    reach('after its answer was stored')
  }
}
