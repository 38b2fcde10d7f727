import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

type Refusal = [status: number, code: string, detail: string]

const MALFORMED: Refusal = [400, 'E_MALFORMED_REQUEST', 'This is not a request of HTTP/1.1: check what sends it.']
const BAD_URL: Refusal = [400, 'E_BAD_URL', 'The address is not percent-encoded UTF-8: check its percent signs.']

/** What node:http calls the errors that have an answer of their own. */
const REFUSALS: Record<string, Refusal> = {
  HPE_HEADER_OVERFLOW: [431, 'E_HEADERS_TOO_LARGE', 'The headers are larger than 16 KB: send fewer or shorter ones.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'E_CHUNK_EXTENSIONS_TOO_LARGE', 'The extensions of the chunks are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'E_REQUEST_TIMEOUT', 'The request took too long to arrive: try again.'],
}

/**
 * Answers, on a server of node:http, what its parser refuses. A connection whose answer has begun is only closed.
 *
 * @param server whose `clientError` has no listener yet.
 */
export function answerMalformed(server: Server) {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (isAnswering(socket) || !socket.writable) return socket.destroy()
    const [status, headers, body] = problem(...(REFUSALS[error.code ?? ''] ?? MALFORMED))
    const head = Object.entries(headers).map((header) => header.join(': '))
    socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...head, '', body].join('\r\n'), () => socket.destroy())
  })
}

/** Answers a request whose path cannot be decoded. */
export function refuseAddress(request: IncomingMessage, response: ServerResponse) {
  const [status, headers, body] = problem(...BAD_URL)
  response.writeHead(status, headers)
  response.end(request.method === 'HEAD' ? undefined : body)
}

function problem(status: number, code: string, detail: string) {
  const body = JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, code, detail })
  const headers = {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }
  return [status, headers, body] as const
}

/** Whether an answer is under way, into which nothing else may be written: node:http keeps it on the socket. */
function isAnswering(socket: Socket & { _httpMessage?: ServerResponse | null }) {
  return socket._httpMessage?.headersSent === true
}
