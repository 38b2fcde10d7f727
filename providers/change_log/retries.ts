import type { Failure, LoggedChange, LogStore } from './contract.js'
import type { RelayOptions } from './define_config.js'
import { type Deliveries, type Line, nameOf } from './deliveries.js'

interface Head extends LoggedChange {
  failure_id: number
  attempts: number
}

interface Waiting extends Line {
  /** When the head of the line may be tried again, in milliseconds since 1970. */
  dueAt: number
}

interface Ended {
  /** The line's. */
  name: string
  head: Head
  error: string | null
}

const LINES = `
  select f.subscriber, f.table_name, f.key, f.retry_at from change_failures f
  join (select min(change_id) as change_id, subscriber from change_failures
        where dead_at is null group by subscriber, table_name, key) heads
    on heads.change_id = f.change_id and heads.subscriber = f.subscriber`

const HEAD = `
  select id as failure_id, change_id as id, table_name, key, operation, before, after, attempts from change_failures
  where dead_at is null and subscriber = ? and table_name = ? and key = ? order by change_id limit 1`

const AT_ONCE = 16

/**
 * Works off the lines of changes that have failed, beside what the relay delivers. The hooks run in the background; what came
 * of them is written down between two batches, so that a line is taken to be empty only while nobody adds to it.
 */
export class Retries {
  #lines = new Map<string, Waiting>()
  /** Until what came of them is written down: one that ends while the lines are read is not begun again. */
  #underWay = new Map<string, Promise<void>>()
  #ended: Ended[] = []
  #readAt = 0

  /** @param wake called when there is something to write down. */
  constructor(
    private store: LogStore,
    private deliveries: Deliveries,
    private options: Pick<RelayOptions, 'sweepMs' | 'backoffMs' | 'attempts'>,
    private wake: () => void
  ) {}

  /** When there is something to do, in milliseconds since 1970. */
  get nextAt(): number {
    if (this.#ended.length > 0) return 0
    if (this.#underWay.size >= AT_ONCE) return this.#readAt + this.options.sweepMs
    const free = [...this.#lines].filter(([name]) => !this.#underWay.has(name))
    return free.reduce((first, [, { dueAt }]) => Math.min(first, dueAt), this.#readAt + this.options.sweepMs)
  }

  /** Takes note of what failed in a batch, which is in the table now. */
  expect(failures: Failure[]) {
    for (const { change, subscriber, retryAt } of failures) {
      const line = { subscriber, table_name: change.table_name, key: change.key, dueAt: retryAt ?? 0 }
      const name = nameOf(line)
      if (!this.#lines.has(name)) this.#lines.set(name, line)
    }
  }

  /** Writes down what came of the attempts, and begins those that are due. */
  async turn() {
    for (const ended of this.#ended.splice(0)) await this.#writeDown(ended)
    // Another process may have revived dead letters.
    if (Date.now() >= this.#readAt + this.options.sweepMs) await this.#read()
    for (const [name, line] of this.#lines) {
      if (this.#underWay.size >= AT_ONCE) return
      if (!this.#underWay.has(name) && line.dueAt <= Date.now()) await this.#begin(name, line)
    }
  }

  /** Forgets all, as another leads now; attempts under way are not written down. */
  async forget() {
    await Promise.all(this.#underWay.values())
    this.#underWay.clear()
    this.#ended = []
    this.#readAt = 0
  }

  async #read() {
    this.#readAt = Date.now()
    const rows = await this.store.run<Line & { retry_at: number | string | null }>(LINES)
    this.#lines = new Map(rows.map((row) => [nameOf(row), { ...row, dueAt: Number(row.retry_at ?? 0) }]))
    this.deliveries.blocked.clear()
    for (const name of this.#lines.keys()) this.deliveries.blocked.add(name)
  }

  async #begin(name: string, line: Waiting) {
    const { subscriber, table_name: table, key } = line
    const [head] = await this.store.run<Head>(HEAD, [subscriber, table, key])
    if (!head) {
      this.#lines.delete(name)
      this.deliveries.blocked.delete(name)
      return
    }
    const attempt = this.deliveries.call(head, subscriber).then((error) => {
      this.#ended.push({ name, head, error })
      this.wake()
    })
    this.#underWay.set(name, attempt)
  }

  async #writeDown({ name, head, error }: Ended) {
    this.#underWay.delete(name)
    // Read anew meanwhile, and gone where somebody emptied the table.
    const line = this.#lines.get(name)
    if (!line) return
    line.dueAt = 0
    if (error === null) {
      await this.store.run('delete from change_failures where id = ?', [head.failure_id])
      return
    }
    const attempts = head.attempts + 1
    const isDead = attempts >= this.options.attempts || !this.deliveries.has(line.subscriber)
    const retryAt = Date.now() + this.options.backoffMs * 2 ** head.attempts
    await this.store.run('update change_failures set attempts = ?, error = ?, retry_at = ?, dead_at = ? where id = ?', [
      attempts,
      error,
      retryAt,
      isDead ? Date.now() : null,
      head.failure_id,
    ])
    if (!isDead) line.dueAt = retryAt
  }
}
