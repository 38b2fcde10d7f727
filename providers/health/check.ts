import type { Logger } from '@adonisjs/core/logger'

export interface CheckReport {
  ok: boolean
  /** Milliseconds until it answered or failed, or was not waited for any longer. */
  latency: number
}

/** After so many times its bound an answer is not expected any more, and the server is asked anew. */
const GIVEN_UP = 5

/** One server that is needed: asked once at a time, and waited for within a bound. */
export class Check {
  #isOk = true
  #asked: { answer: Promise<boolean>; at: number } | null = null

  constructor(
    private name: string,
    private ask: () => Promise<unknown>,
    private timeoutMs: number,
    private logger: Pick<Logger, 'warn' | 'info'>
  ) {}

  async look(): Promise<CheckReport> {
    const began = performance.now()
    const ok = await this.#within(this.#answer(began))
    return { ok, latency: Math.round(performance.now() - began) }
  }

  #answer(now: number): Promise<boolean> {
    if (this.#asked && now - this.#asked.at < this.timeoutMs * GIVEN_UP) return this.#asked.answer
    const asked = { at: now, answer: this.#outcome() }
    void asked.answer.then(() => {
      if (this.#asked === asked) this.#asked = null
    })
    this.#asked = asked
    return asked.answer
  }

  async #outcome() {
    try {
      await this.ask()
      this.#note(true)
      return true
    } catch (error) {
      this.#note(false, error)
      return false
    }
  }

  async #within(answer: Promise<boolean>) {
    const { promise: late, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => {
      this.#note(false)
      resolve(false)
    }, this.timeoutMs).unref()
    const ok = await Promise.race([answer, late])
    clearTimeout(timer)
    return ok
  }

  /** The log is told when it changes, not each time that a probe asks. */
  #note(isOk: boolean, error?: unknown) {
    if (isOk === this.#isOk) return
    this.#isOk = isOk
    if (isOk) this.logger.info({ check: this.name }, 'a server that is needed answers again')
    else this.logger.warn({ check: this.name, err: error }, 'a server that is needed does not answer')
  }
}
