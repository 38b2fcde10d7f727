import type { Logger } from '@adonisjs/core/logger'
import { Check, type CheckReport } from './check.js'

export interface HealthReport {
  /** Whether requests are welcome: every server that is needed answers, and this one is not ending. */
  ok: boolean
  checks: Record<string, CheckReport>
}

export interface HealthOptions {
  /** Whether the process is about to end, and should be sent nothing more. */
  isEnding(): boolean
  logger: Pick<Logger, 'warn' | 'info'>
  /** How long a check may take, in milliseconds. Default: 2000. */
  timeoutMs?: number
  /** How long a report is good, in milliseconds. Default: 1000. */
  goodForMs?: number
}

/** Whether what the process needs is well. Who needs a server adds its check. */
export class Health {
  #checks = new Map<string, Check>()
  #report: Promise<HealthReport> | null = null

  constructor(private options: HealthOptions) {}

  /**
   * Adds a check, in place of one of the same name.
   *
   * @param name what the report calls the server: `database`.
   * @param ask asks it for a sign of life; resolves when it is well, and rejects when it is not.
   */
  add(name: string, ask: () => Promise<unknown>) {
    const { logger, timeoutMs = 2000 } = this.options
    this.#checks.set(name, new Check(name, ask, timeoutMs, logger))
  }

  /**
   * Makes all checks at once. However often it is called, a server is asked once while it has not answered, and then once in
   * the time that a report is good for. What a server said is told to the log alone.
   *
   * @returns always, within the time that a check may take.
   */
  report(): Promise<HealthReport> {
    if (this.options.isEnding()) return Promise.resolve({ ok: false, checks: {} })
    return (this.#report ??= this.#look())
  }

  async #look(): Promise<HealthReport> {
    const looks = [...this.#checks].map(async ([name, check]) => [name, await check.look()] as const)
    const checks = Object.fromEntries(await Promise.all(looks))
    setTimeout(() => (this.#report = null), this.options.goodForMs ?? 1000).unref()
    return { ok: Object.values(checks).every(({ ok }) => ok), checks }
  }
}
