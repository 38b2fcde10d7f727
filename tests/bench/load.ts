/*
 * The load on a server, from a process of its own: reads what to ask from stdin and writes what came of it to stdout,
 * both as JSON.
 */
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { json, text } from 'node:stream/consumers'
import autocannon from 'autocannon'

export interface Ask {
  path: string
  method?: 'GET' | 'POST'
  headers: Record<string, string>
  /** In base64. */
  body?: string
}

interface Target {
  url: string
  asks: Ask[]
}

/** Asks again as soon as it is answered, on each connection, for a while. */
export interface Saturation extends Target {
  kind: 'saturating'
  seconds: number
  connections: number
}

/** Asks so many times a second, whether the last answer has come or not. */
export interface Pace extends Target {
  kind: 'paced'
  seconds: number
  rate: number
}

/** Asks everything once, so much of it at once. */
export interface Batch extends Target {
  kind: 'all'
  connections: number
}

export type Load = Saturation | Pace | Batch

export interface Figures {
  /** Answers a second. */
  throughput: number
  /** Milliseconds, of each answer to a paced load. */
  latencies: number[]
}

async function saturate({ url, asks, seconds, connections }: Saturation): Promise<Figures> {
  const requests = asks.map(({ body, ...ask }) => ({ ...ask, body: body && Buffer.from(body, 'base64') }))
  const shares = Math.min(connections, requests.length)
  let clients = 0
  const setupClient = (client: autocannon.Client) => {
    const share = clients++ % shares
    client.setRequests(requests.filter((_, index) => index % shares === share) as autocannon.Request[])
  }
  const result = await autocannon({ url, connections, duration: seconds, timeout: 60, setupClient })
  if (result.non2xx + result.errors > 0) {
    throw new RangeError(`${result.non2xx} answers were no success, and ${result.errors} never came`)
  }
  return { throughput: result['2xx'] / result.duration, latencies: [] }
}

/** At even intervals; autocannon keeps a rate by asking all of a second at the second's beginning. */
async function pace({ url, asks, seconds, rate }: Pace): Promise<Figures> {
  const answers: Promise<number>[] = []
  const began = performance.now()
  for (let index = 0; index < seconds * rate; index++) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, began + (index * 1000) / rate - performance.now())))
    answers.push(ask(url, asks[index % asks.length]))
  }
  const latencies = await Promise.all(answers)
  return { throughput: latencies.length / seconds, latencies }
}

async function askAll({ url, asks, connections }: Batch): Promise<Figures> {
  const left = [...asks]
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) await ask(url, next)
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: connections }, work))
  return { throughput: (asks.length * 1000) / (performance.now() - began), latencies: [] }
}

async function ask(url: string, { path, method, headers, body }: Ask) {
  const began = performance.now()
  const sent = request(url + path, { agent, method, headers }).end(body && Buffer.from(body, 'base64'))
  const [response] = await once(sent, 'response')
  const answer = await text(response)
  if (response.statusCode >= 300) throw new RangeError(`${path} was answered ${response.statusCode}: ${answer}`)
  return performance.now() - began
}

const agent = new Agent({ keepAlive: true })
const load = (await json(process.stdin)) as Load
const figures = load.kind === 'saturating' ? saturate(load) : load.kind === 'paced' ? pace(load) : askAll(load)
process.stdout.write(JSON.stringify(await figures))
agent.destroy()
