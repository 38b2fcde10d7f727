import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { until } from '#tests/server/until'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** One run of the real server. */
export class ServerProcess {
  readonly url: string
  #child
  #exited
  #output = ''

  constructor(env: Record<string, string>, program = 'bin/server.ts') {
    this.url = `http://${env.HOST}:${env.PORT}`
    const loader = program.endsWith('.ts') ? ['--import=@poppinss/ts-exec'] : []
    this.#child = spawn(process.execPath, [...loader, program], {
      cwd: ROOT,
      env: environment(env),
    })
    // Not at its exit: what it said last may still be on its way.
    this.#exited = once(this.#child, 'close')
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (this.#output += chunk))
    }
    const kill = () => this.#child.kill('SIGKILL')
    process.once('exit', kill)
    this.#child.once('exit', () => process.off('exit', kill))
  }

  get pid() {
    return this.#child.pid!
  }

  get isRunning() {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** What it has printed. */
  output() {
    return this.#output
  }

  /** Waits until it serves. */
  async answers() {
    const live = async () => {
      assert.ok(this.isRunning, `The server ended while it started:\n${this.#output}`)
      const answer = await fetch(`${this.url}/health/live`).catch(() => null)
      return answer?.status === 200
    }
    await until(live, 'the server answers')
  }

  /** The exit code, and the signal that ended it where there is none. */
  get ended() {
    return { code: this.#child.exitCode, signal: this.#child.signalCode }
  }

  /** Sends a signal. */
  signal(signal: NodeJS.Signals) {
    this.#child.kill(signal)
  }

  /** Sends a signal, and waits for the end. */
  async kill(signal: NodeJS.Signals) {
    this.signal(signal)
    if (this.isRunning) await this.#exited
  }

  /** Megabytes that it has in memory, now and at most so far. */
  async rss() {
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8')
    const megabytes = (name: string) =>
      (Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)![1]) * 1024) / 1e6
    return { current: megabytes('VmRSS'), peak: megabytes('VmHWM') }
  }

  /** Bytes that it has read so far, of sockets and of files. */
  async bytesRead() {
    return Number(/^rchar: (\d+)$/m.exec(await readFile(`/proc/${this.pid}/io`, 'utf8'))![1])
  }
}

/** What a process of the application is told: nothing of the tests' own. */
export function environment(env: Record<string, string>) {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
  return { PATH, HOME, ...(NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {}), ...env }
}
