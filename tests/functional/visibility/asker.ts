import { Agent, request } from 'node:http'

export interface Answer {
  status: number
  headers: Record<string, string | undefined>
  body: string
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 })

/** Asks the server of the tests as one viewer, over connections that stay open: there are many thousands of requests. */
export class Asker {
  static requests = 0

  constructor(private headers: Record<string, string>) {}

  get(path: string): Promise<Answer> {
    return this.ask('GET', path)
  }

  head(path: string): Promise<Answer> {
    return this.ask('HEAD', path)
  }

  private ask(method: string, path: string): Promise<Answer> {
    Asker.requests++
    const { HOST: host, PORT: port } = process.env
    return new Promise((resolve, reject) => {
      const sent = request({ agent, host, port, method, path, headers: this.headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const body = Buffer.concat(chunks).toString()
          resolve({ status: response.statusCode!, headers: response.headers as Answer['headers'], body })
        })
      })
      sent.on('error', reject)
      sent.end()
    })
  }
}
