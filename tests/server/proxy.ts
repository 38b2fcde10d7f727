import { EventEmitter, once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Stands between the server and another one, and takes that away: nobody listens, or somebody who never answers. */
export class Proxy extends EventEmitter<{ sent: [text: string] }> {
  #target: { hostname: string; port: string }
  #isSilent = false
  #cutAt?: { pattern: RegExp; arrives: boolean }
  #sockets = new Set<Socket>()
  #server = createServer((socket) => this.#accept(socket))

  constructor(target: { hostname: string; port: string }) {
    super()
    this.#target = target
  }

  get port() {
    return (this.#server.address() as AddressInfo).port
  }

  async listen(port = 0) {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  /** Connections break, and new ones are refused: as when the program has ended. */
  stop() {
    this.#server.close()
    this.#cut()
  }

  /** Everything is accepted, also on the connections that there are, and nothing is answered. */
  fallSilent() {
    this.#isSilent = true
  }

  speakAgain() {
    this.#isSilent = false
    this.#cut()
  }

  /** Breaks the next connection over which such a text is sent: before it arrives, or when the answer comes. */
  cutAt(pattern: RegExp, { arrives }: { arrives: boolean }) {
    this.#cutAt = { pattern, arrives }
  }

  #cut() {
    for (const socket of this.#sockets) socket.destroy()
  }

  #accept(socket: Socket) {
    const upstream = connect({ host: this.#target.hostname, port: Number(this.#target.port) })
    let awaited = false
    socket.on('data', (data) => {
      const text = data.toString('latin1')
      this.emit('sent', text)
      if (this.#isSilent) return
      if (this.#cutAt?.pattern.test(text)) {
        awaited = this.#cutAt.arrives
        this.#cutAt = undefined
        if (!awaited) return socket.destroy()
      }
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (awaited) socket.destroy()
      else if (!this.#isSilent) socket.write(data)
    })
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ]) {
      this.#sockets.add(one)
      // What ends one of them ends the other, and nobody asks why.
      one.on('error', () => one.destroy())
      one.on('close', () => this.#sockets.delete(one) && other.destroy())
    }
  }
}
