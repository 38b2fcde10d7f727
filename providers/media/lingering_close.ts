import type { IncomingMessage, ServerResponse } from 'node:http'

/** How long, and for how many bytes, a connection is read after its answer. */
const LINGER = { milliseconds: 2000, bytes: 256_000 }

/**
 * Lets an answer reach a client that is still sending its body, without reading that body to its end. node:http would
 * read all of it on a kept connection, and on a closed one reset the connection before the client saw the answer. So the
 * answer says `Connection: close`, our half is closed behind it, at most 1 MB more is read and thrown away, and after
 * 2 seconds at most the connection is destroyed. (The lingering_close of nginx.)
 *
 * To be called before the answer's head is written; a request that was read to its end is left as it is.
 *
 * @param request the request whose body nobody will read any more.
 * @param response its answer, not yet sent.
 */
export function lingeringClose(request: IncomingMessage, response: ServerResponse) {
  if (request.complete) return void request.resume()
  if (request.destroyed || response.headersSent) return
  const { socket } = request
  const enough = socket.bytesRead + LINGER.bytes

  response.setHeader('Connection', 'close')
  request.pause()
  request.on('data', () => socket.bytesRead > enough && request.pause())
  // A request of which nothing was read yet would be drained by node:http, whatever its length. `read(0)` is no reading
  // where the buffer is full already.
  request.read()

  // What node:http calls when the last answer of a connection is written.
  socket.destroySoon = () => {
    const deadline = setTimeout(() => socket.destroy(), LINGER.milliseconds).unref()
    socket.once('close', () => clearTimeout(deadline))
    socket.end()
    request.resume()
  }
}
