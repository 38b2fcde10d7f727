import { request, type ClientRequest, type IncomingHttpHeaders } from 'node:http'
import { buffer } from 'node:stream/consumers'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  json: any
}

/** Sends a request, or ends one that was begun: resolves with the answer, also with one that comes before the end. */
export async function send(
  target: string | ClientRequest,
  body?: Buffer,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {}
): Promise<Answer> {
  const outgoing = typeof target === 'string' ? request(target, { method, headers, agent: false }) : target
  return new Promise((resolve, reject) => {
    outgoing.setTimeout(120_000, () => outgoing.destroy(new RangeError(`No answer from ${outgoing.path}`)))
    // A server that answers early may close the connection before all was sent: then the answer has come first.
    outgoing.on('error', reject)
    outgoing.on('response', (response) => {
      const { statusCode: status, headers } = response
      buffer(response)
        .then((content) => resolve({ status: status!, headers, body: content, json: parsed(content) }))
        .catch(reject)
    })
    outgoing.end(body)
  })
}

/** A part of a form: a file where it has a filename. */
export interface Part {
  name: string
  filename?: string
  data: Buffer | string
}

/** A `multipart/form-data` body of these parts, whatever their names. */
export function form(...parts: Part[]) {
  const boundary = 'calotype-test-boundary'
  const body = Buffer.concat([
    ...parts.flatMap(({ name, filename, data }) => [
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"`),
      Buffer.from(filename === undefined ? '\r\n\r\n' : `; filename="${filename}"\r\nContent-Type: image/jpeg\r\n\r\n`),
      Buffer.from(data),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ])
  const headers: Record<string, string> = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  return { body, headers }
}

function parsed(content: Buffer) {
  try {
    return JSON.parse(content.toString())
  } catch {
    return undefined
  }
}
