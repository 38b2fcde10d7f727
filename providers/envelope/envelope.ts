import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** What may stand in a log without a thought: no spaces, no quotes, nothing that a terminal obeys. */
const SANE = /^[\w.-]{1,128}$/

/**
 * Puts on an answer what every answer carries: the request's id, and fixed headers. Before anything else looks at the
 * request, so that refusals and faults carry them too.
 *
 * The id is the sender's `X-Request-Id` where it is sane, else a new one; the request has it in its header afterwards,
 * where the framework finds it for its log lines.
 */
export class Envelope {
  #headers: [string, string][]

  constructor(headers: Record<string, string>) {
    this.#headers = Object.entries(headers)
  }

  put(request: IncomingMessage, response: ServerResponse) {
    const given = request.headers['x-request-id']
    const id = typeof given === 'string' && SANE.test(given) ? given : randomUUID()
    request.headers['x-request-id'] = id
    response.setHeader('X-Request-Id', id)
    for (const [name, value] of this.#headers) response.setHeader(name, value)
  }
}
