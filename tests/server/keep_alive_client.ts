import { connect, type Socket } from 'node:net'

/** A request that was sent whole, and what became of it. */
export interface Exchange {
  request: string
  status: number | null
  /** Why there is no answer. */
  error?: string
  sentAt: number
}

export interface RawAnswer {
  status: number
  head: string
  body: string
}

/**
 * A client that keeps its connection as long as the server lets it, and knows to the byte what was sent and answered: none
 * of the repeating and none of the pooling of node:http.
 */
export class KeepAliveClient {
  /** Every request of which bytes were written to a connection that was open as far as the client knew. */
  readonly exchanges: Exchange[] = []
  #socket: Socket | null = null
  #isEnded = false

  constructor(
    private url: URL,
    private headers: Record<string, string> = {}
  ) {}

  /** @returns the answer; null where the connection was refused, or broke before the answer had come. */
  async send(method: string, path: string, content?: object): Promise<RawAnswer | null> {
    if (!(await this.connect())) return null
    const body = content ? JSON.stringify(content) : ''
    const headers = { Host: this.url.host, ...this.headers, ...(content ? JSON_HEADERS : {}) }
    const lines = Object.entries({ ...headers, 'Content-Length': Buffer.byteLength(body) })
    const head = [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`)]
    const exchange: Exchange = { request: head[0], status: null, sentAt: performance.now() }
    this.exchanges.push(exchange)
    try {
      const answer = await this.#exchange(`${head.join('\r\n')}\r\n\r\n${body}`)
      exchange.status = answer.status
      if (/^connection: close$/im.test(answer.head)) this.close()
      return answer
    } catch (error) {
      exchange.error = error.code ?? error.message
      this.close()
      return null
    }
  }

  /** Opens a connection where there is none; false where nobody listens. */
  async connect(): Promise<boolean> {
    if (this.#socket && !this.#isEnded) return true
    this.close()
    const socket = connect({ host: this.url.hostname, port: Number(this.url.port), noDelay: true })
    const { promise, resolve } = Promise.withResolvers<boolean>()
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    if (!(await promise)) return false
    this.#isEnded = false
    socket.once('end', () => (this.#isEnded = true)).on('error', () => (this.#isEnded = true))
    this.#socket = socket
    return true
  }

  close() {
    this.#socket?.destroy()
    this.#socket = null
  }

  #exchange(text: string): Promise<RawAnswer> {
    const socket = this.#socket!
    const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>()
    let received = Buffer.alloc(0)
    const onData = (data: Buffer) => {
      received = Buffer.concat([received, data])
      const answer = answerIn(received)
      if (answer) resolve(answer)
    }
    const onClose = () => reject(new RangeError(received.length > 0 ? 'half an answer' : 'no answer'))
    socket.on('data', onData).once('error', reject).once('close', onClose)
    socket.write(text)
    return promise.finally(() => socket.off('data', onData).off('error', reject).off('close', onClose))
  }
}

const JSON_HEADERS = { 'Content-Type': 'application/json' }

function answerIn(received: Buffer): RawAnswer | null {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = received.toString('latin1', 0, end)
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
  if (received.length < end + 4 + length) return null
  return { status: Number(head.slice(9, 12)), head, body: received.toString('utf8', end + 4, end + 4 + length) }
}
