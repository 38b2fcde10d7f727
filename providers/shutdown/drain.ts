import { once } from 'node:events'
import { ServerResponse, type Server } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'

export interface DrainOptions {
  /** How long an idle connection may still send a request, in milliseconds: one that is on its way is answered. Default: 1000. */
  graceMs?: number
  /** After how long what is left is cut off, in milliseconds. Default: 7000. */
  deadlineMs?: number
}

const LOOK_MS = 50

/**
 * Takes a server off the network without losing what it has accepted: nothing more is accepted, each answer says
 * `Connection: close`, connections that stay idle are closed, and what is not over at the deadline is cut off.
 *
 * `server.close()` of node:http alone closes idle connections at once, with requests that are on their way, keeps those
 * that have never sent anything, and waits for the rest as long as it takes.
 */
export class Drain {
  #connections = new Set<Socket>()

  /** @param server one that listens. */
  constructor(
    private server: Server,
    private options: DrainOptions = {}
  ) {
    server.on('connection', (socket) => {
      this.#connections.add(socket)
      socket.once('close', () => this.#connections.delete(socket))
    })
  }

  /** @returns how many connections were cut off, once all are closed. */
  async run(): Promise<number> {
    const { graceMs = 1000, deadlineMs = 7000 } = this.options
    // Those who have connected are let in before the door is closed.
    await nextTurn()
    await nextTurn()
    using _ = closeAfterAnswers()
    const closed = once(this.server, 'close')
    // Not the `close` of node:http, which closes idle connections too.
    NetServer.prototype.close.call(this.server)

    let cut = 0
    const grace = setTimeout(() => {
      const looking = setInterval(() => void this.#closeIdle(), LOOK_MS)
      void closed.then(() => clearInterval(looking))
      void this.#closeIdle()
    }, graceMs)
    const deadline = setTimeout(() => {
      cut = this.#connections.size
      this.server.closeAllConnections()
      for (const socket of this.#connections) socket.destroy()
    }, deadlineMs)
    await closed
    clearTimeout(grace)
    clearTimeout(deadline)
    return cut
  }

  /** Timers come before sockets: what was sent while the process stood still is read first. */
  async #closeIdle() {
    await nextTurn()
    this.server.closeIdleConnections()
    for (const socket of this.#connections) if (socket.bytesRead === 0) socket.destroy()
  }
}

/** From now on every answer whose head is not sent yet closes its connection, those under way too. Undone at the end. */
function closeAfterAnswers(): Disposable {
  const { writeHead } = ServerResponse.prototype
  ServerResponse.prototype.writeHead = function (this: ServerResponse, ...head: any) {
    this.shouldKeepAlive = false
    return Reflect.apply(writeHead, this, head)
  }
  return { [Symbol.dispose]: () => void (ServerResponse.prototype.writeHead = writeHead) }
}
