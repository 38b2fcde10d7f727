import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Talk {
  /** Null where the connection was closed without an answer. */
  status: number | null
  headers: Record<string, string>
  body: Buffer
  json: any
}

interface Options {
  /** Breaks the connection when all was sent. */
  cut?: boolean
  /** Milliseconds between two pieces; an answer ends the sending. */
  pause?: number
}

/** Sends bytes as they are, and hears what comes back until the connection ends. */
export async function talk(url: string, pieces: Iterable<Buffer | string>, { cut = false, pause = 0 }: Options = {}) {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  const heard: Buffer[] = []
  socket.on('data', (data) => heard.push(data))
  // How it ends does not matter: what came before does.
  socket.on('error', () => socket.destroy())
  socket.on('end', () => socket.end())
  socket.setTimeout(90_000, () => socket.destroy(new RangeError(`No answer from ${url}, and still open`)))
  const closed = new Promise((resolve) => socket.once('close', resolve))

  for (const piece of pieces) {
    if (socket.destroyed || heard.length > 0) break
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain').catch(() => null), closed])
    if (pause > 0) await sleep(pause)
  }
  if (cut) setImmediate(() => socket.destroy())
  await closed
  return parse(Buffer.concat(heard))
}

/** The head of a request of HTTP/1.1 whose answer ends the connection. */
export function head(method: string, path: string, headers: Record<string, string> = {}) {
  const lines = Object.entries({ Host: 'localhost', Connection: 'close', ...headers }).map((each) => each.join(': '))
  return [`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n')
}

function parse(heard: Buffer): Talk {
  const end = heard.indexOf('\r\n\r\n')
  const [first = '', ...lines] = heard.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n')
  const status = /^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])
  )
  const body = heard.subarray(end + 4)
  return { status: status ? Number(status) : null, headers, body, json: problemIn(body) }
}

function problemIn(body: Buffer) {
  const text = body.toString()
  return text.startsWith('{') ? JSON.parse(text) : undefined
}
