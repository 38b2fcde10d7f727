import type { Logger } from '@adonisjs/core/logger'
import type { LoggedChange, LogStore } from './contract.js'
import type { RelayOptions } from './define_config.js'
import type { Deliveries } from './deliveries.js'
import { Retries } from './retries.js'

type Waiting = (reached: boolean) => void

/** How long a woken leader waits for more commits, so that one read serves many of them; not while a request waits. */
const GATHER_MS = 10

/**
 * Hands the rows of the log to the subscribers while it leads: reads them in the order of their ids, runs the hooks, removes
 * the rows. What fails moves to `change_failures` in the transaction that removes it.
 */
export class Relay {
  #stopped = true
  #woken = false
  #isIdle = false
  #running: Promise<void> | null = null
  #interrupt: (() => void) | null = null
  #waiting: Waiting[] = []
  #leads = false
  #inHand: Set<LoggedChange['id']> | null = null
  #retries: Retries

  constructor(
    private store: LogStore,
    private deliveries: Deliveries,
    private options: RelayOptions,
    private logger: Pick<Logger, 'error' | 'info'>
  ) {
    this.#retries = new Retries(store, deliveries, options, () => this.wake())
  }

  /** Whether this relay was the leader when it last looked. */
  get leads() {
    return this.#leads
  }

  /** The changes that the slow hooks have now, after the synchronous ones; null while there are none. */
  get inHand(): ReadonlySet<LoggedChange['id']> | null {
    return this.#inHand
  }

  start() {
    if (this.#running) return
    this.#stopped = false
    this.#running = this.#loop()
  }

  /** Ends after the batch that is being delivered, and lets another lead. */
  async stop() {
    this.#stopped = true
    this.#interrupt?.()
    await this.#running
    this.#running = null
    await this.#abdicate()
  }

  /** Something was committed. Costs next to nothing; many calls are one look. */
  wake() {
    this.#woken = true
    // Who does not lead gains nothing from being woken.
    if (this.#isIdle) this.#interrupt?.()
  }

  /**
   * Resolves when the synchronous hooks have been run for everything that is committed now.
   *
   * @returns false when that was not to be had from this relay: it does not lead, or is busy with slow hooks.
   */
  reached(): Promise<boolean> {
    if (!this.#leads || this.#inHand || this.#stopped) return Promise.resolve(false)
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#interrupt?.()
    })
  }

  async #loop() {
    while (!this.#stopped) {
      let isFull = false
      this.#woken = false
      try {
        isFull = await this.#turn()
      } catch (error) {
        this.logger.error({ err: error }, 'the relay of the change log failed, and tries again')
        await this.#abdicate()
      }
      if (isFull) continue
      if (!this.#woken || !this.#leads) await this.#idle()
      if (this.#leads) await this.#pause(GATHER_MS)
    }
  }

  /** @returns whether there may be more. */
  async #turn(): Promise<boolean> {
    const led = this.#leads
    this.#leads = await this.store.lead()
    if (!this.#leads) {
      this.#answer(false)
      return false
    }
    if (!led) this.logger.info('this process relays the change log now')
    await this.#retries.turn()
    return this.#pass()
  }

  async #pass(): Promise<boolean> {
    const { batch } = this.options
    const waiting = this.#waiting.length
    const rows = await this.store.run<LoggedChange>(
      `select id, table_name, key, operation, before, after from changes order by id limit ${batch}`
    )
    const isFull = rows.length === batch
    const failures = await this.deliveries.deliver(rows, { synchronous: true })
    if (!isFull) this.#answer(true, waiting)
    if (rows.length === 0) return false

    const ids = rows.map(({ id }) => id)
    this.#inHand = new Set(ids)
    // Who came since the rows were read must not wait for slow hooks.
    this.#answer(false)
    try {
      failures.push(...(await this.deliveries.deliver(rows, { synchronous: false })))
      await this.store.acknowledge(ids, failures)
      this.#retries.expect(failures)
    } finally {
      this.#inHand = null
    }
    return isFull
  }

  /** Lets go of the log. A request that waits looks for itself. */
  async #abdicate() {
    this.#leads = false
    this.#answer(false)
    try {
      await this.#retries.forget()
      await this.store.resign()
    } catch (error) {
      this.logger.error({ err: error }, 'the relay of the change log could not let go of its connection')
    }
  }

  /** Answers the requests that wait, or the first so many of them. */
  #answer(reached: boolean, count = this.#waiting.length) {
    for (const resolve of this.#waiting.splice(0, count)) resolve(reached)
  }

  /** Waits for a commit, or for the time of the next sweep. */
  async #idle() {
    const { sweepMs } = this.options
    this.#isIdle = this.#leads
    await this.#pause(this.#leads ? Math.min(sweepMs, this.#retries.nextAt - Date.now()) : sweepMs / 4)
    this.#isIdle = false
  }

  async #pause(ms: number) {
    if (this.#stopped || this.#waiting.length > 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(ms, 1))
      this.#interrupt = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#interrupt = null
  }
}
