import type { Logger } from '@adonisjs/core/logger'
import { operationOf, toChange } from './change.js'
import type { Failure, LoggedChange, Subscriber, WatchedTable } from './contract.js'
import type { RelayOptions } from './define_config.js'
import { E_CHANGE_HOOK_TIMEOUT } from './errors.js'

/** All changes of one key for one subscriber, which are in order. */
export type Line = Pick<LoggedChange, 'table_name' | 'key'> & { subscriber: string }

const AT_ONCE = 16
const LONGEST_ERROR = 2000

/** Hands changes to the subscribers: the keys side by side, the changes of one key in order. */
export class Deliveries {
  /** The lines whose head has failed; what comes later waits behind it. */
  readonly blocked = new Set<string>()
  #byName: Map<string, Subscriber>

  constructor(
    private subscribers: Subscriber[],
    private watched: Map<string, WatchedTable>,
    private options: Pick<RelayOptions, 'hookTimeoutMs' | 'backoffMs'>,
    private logger: Pick<Logger, 'error'>
  ) {
    this.#byName = new Map(subscribers.map((each) => [each.name, each]))
  }

  /**
   * Hands each change to those of the subscribers that it concerns. Once one of them was late, what else there is for it
   * is left for later: a batch lasts no longer than one hook may.
   *
   * @returns what was not taken.
   */
  async deliver(rows: LoggedChange[], { synchronous }: { synchronous: boolean }): Promise<Failure[]> {
    const failures: Failure[] = []
    const late = new Set<Subscriber>()
    await this.#each(rows, synchronous, (row, subscriber) => this.#offer(row, subscriber, late, failures))
    return failures
  }

  /**
   * Runs the synchronous hooks of changes that a leader will deliver, or delivers just now.
   *
   * @returns whether all of them succeeded.
   */
  async runSynchronous(rows: LoggedChange[]): Promise<boolean> {
    let succeeded = true
    await this.#each(rows, true, async (row, subscriber) => {
      if ((await this.#run(row, subscriber)) !== null) succeeded = false
    })
    return succeeded
  }

  /** @returns null, or what went wrong. */
  async call(row: LoggedChange, name: string): Promise<string | null> {
    const subscriber = this.#byName.get(name)
    if (!subscriber) return 'There is no such subscriber any more.'
    const error = await this.#run(row, subscriber)
    return error === null ? null : textOf(error)
  }

  /** Whether somebody of this name is told of anything. */
  has(name: string): boolean {
    return this.#byName.has(name)
  }

  async #each(
    rows: LoggedChange[],
    synchronous: boolean,
    work: (row: LoggedChange, subscriber: Subscriber) => Promise<void>
  ) {
    const subscribers = this.subscribers.filter((each) => each.synchronous === synchronous)
    if (subscribers.length === 0) return
    const keys = Map.groupBy(rows, (row) => `${row.table_name} ${row.key}`).values()
    const take = async () => {
      for (const changes of keys) {
        for (const row of changes) {
          for (const subscriber of subscribers) {
            if (concerns(row, subscriber)) await work(row, subscriber)
          }
        }
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, take))
  }

  async #offer(row: LoggedChange, subscriber: Subscriber, late: Set<Subscriber>, failures: Failure[]) {
    const { name } = subscriber
    const line = nameOf({ ...row, subscriber: name })
    const failure = { change: row, subscriber: name, attempts: 0, error: null, retryAt: null }
    if (this.blocked.has(line)) return void failures.push(failure)
    const error = late.has(subscriber) ? undefined : await this.#run(row, subscriber)
    if (error === null) return
    if (error instanceof E_CHANGE_HOOK_TIMEOUT) late.add(subscriber)
    this.blocked.add(line)
    const attempt = error && { attempts: 1, error: textOf(error) }
    failures.push({ ...failure, ...attempt, retryAt: Date.now() + this.options.backoffMs })
  }

  async #run(row: LoggedChange, { name, handle }: Subscriber): Promise<any> {
    const { hookTimeoutMs } = this.options
    let timer: NodeJS.Timeout | undefined
    try {
      const running = handle(toChange(row, this.watched.get(row.table_name)))
      if (!isPromise(running)) return null
      const tooLate = new Promise<never>((_, reject) => {
        const error = new E_CHANGE_HOOK_TIMEOUT(`${name} took longer than ${hookTimeoutMs} ms.`)
        timer = setTimeout(() => reject(error), hookTimeoutMs)
      })
      await Promise.race([running, tooLate])
      return null
    } catch (thrown) {
      const error = thrown ?? 'undefined was thrown'
      this.logger.error({ err: error, subscriber: name, key: row.key }, 'a hook failed on a change')
      return error
    } finally {
      clearTimeout(timer)
    }
  }
}

/** PostgreSQL keeps no NUL. */
function textOf(error: any): string {
  return String(error.stack ?? error)
    .replaceAll('\0', '')
    .slice(0, LONGEST_ERROR)
}

/** A line as text. */
export function nameOf({ subscriber, table_name: table, key }: Line): string {
  return JSON.stringify([subscriber, table, key])
}

function concerns(row: LoggedChange, { table, operations }: Subscriber) {
  return row.table_name === table && operations.includes(operationOf(row))
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null)?.then === 'function'
}
