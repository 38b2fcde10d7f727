import { Exception } from '@adonisjs/core/exceptions'

/**
 * Thrown by a gate that has no room: the caller may come again after `retryAfter` seconds.
 */
export class E_BUSY extends Exception {
  static status = 503
  static code = 'E_BUSY'

  constructor(
    what: string,
    public readonly retryAfter: number
  ) {
    super(`The server has as many ${what} in hand as it can bear. Try again in ${retryAfter} s.`)
  }
}

export interface GateOptions {
  /** What passes, in the plural, for the message of E_BUSY: "uploads", "log-ins". */
  name: string
  /** The weight that may be inside at once, a whole number from 1. */
  capacity: number
  /** How many may wait outside; 0 turns away everyone who finds the gate full. */
  queue: number
  /** Seconds that E_BUSY asks its receiver to wait. Default 1. */
  retryAfter?: number
}

/**
 * A counting semaphore with a bounded queue: first come, first served, and who finds the queue full is
 * turned away at once instead of piling up. (The bulkhead of M. Nygard's "Release It!".)
 */
export class Gate {
  #inside = 0
  #waiting: { weight: number; enter: () => void }[] = []

  constructor(private options: GateOptions) {}

  /** The weight inside now. */
  get inside() {
    return this.#inside
  }

  /** How many wait now. */
  get waiting() {
    return this.#waiting.length
  }

  /**
   * Runs `work` once there is room, and makes room when it ends, however it ends.
   *
   * @param work what to do inside.
   * @param weight how much of the capacity it takes; more than the capacity counts as all of it. Default 1.
   * @returns what `work` returns.
   * @throws E_BUSY at once, without running `work`, when the queue is full.
   */
  async run<Result>(work: () => Promise<Result>, weight = 1): Promise<Result> {
    const taken = Math.min(weight, this.options.capacity)
    await this.#enter(taken)
    try {
      return await work()
    } finally {
      this.#inside -= taken
      this.#admit()
    }
  }

  #enter(weight: number): Promise<void> | void {
    if (this.#waiting.length === 0 && this.#inside + weight <= this.options.capacity) {
      this.#inside += weight
      return
    }
    if (this.#waiting.length >= this.options.queue) {
      throw new E_BUSY(this.options.name, this.options.retryAfter ?? 1)
    }
    return new Promise((enter) => this.#waiting.push({ weight, enter }))
  }

  #admit() {
    while (this.#waiting.length > 0 && this.#inside + this.#waiting[0].weight <= this.options.capacity) {
      const next = this.#waiting.shift()!
      this.#inside += next.weight
      next.enter()
    }
  }
}
