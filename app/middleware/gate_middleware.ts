import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { requestsAtOnce } from '#config/limiter'
import { Gate } from '#providers/gate/index'

const { capacity, unshed } = requestsAtOnce

const gate = new Gate({ name: 'requests', capacity, queue: 0, retryAfter: 1 })

/** Turns away at once, before anything is read, what the server could only answer late; health and files never. */
export default class GateMiddleware {
  handle({ request }: HttpContext, next: NextFn) {
    const url = request.url()
    return unshed.some((prefix) => url.startsWith(prefix)) ? next() : gate.run(async () => next())
  }
}
