import { configProvider } from '@adonisjs/core'
import { Exception } from '@adonisjs/core/exceptions'
import type { ConfigProvider } from '@adonisjs/core/types'
import { errors, stores } from '@adonisjs/limiter'
import type {
  LimiterConsumptionOptions,
  LimiterManagerStoreFactory,
  LimiterStoreContract,
} from '@adonisjs/limiter/types'

/** How long a server that failed is left alone, in milliseconds. */
const PAUSE = 1000

/** How long an answer is waited for, in pieces: while the process stands still only one of them passes. */
const PATIENCE = { pieces: 5, milliseconds: 100 }

interface Log {
  info: (message: string) => void
  error: (details: object, message: string) => void
}

/**
 * A store whose limits hold on in memory while its server does not answer.
 *
 * @param store the store of the server, as @adonisjs/limiter makes it.
 * @param options.connection the Redis connection that it uses, whose own errors are not logged any more: the store tells
 *   of them, once.
 */
export function insured(
  store: ConfigProvider<LimiterManagerStoreFactory>,
  options: { connection: string }
): ConfigProvider<LimiterManagerStoreFactory> {
  return configProvider.create(async (app) => {
    const make = await store.resolver(app)
    const redis = await app.container.make('redis')
    const insurance = new Insurance(await app.container.make('logger'))
    return (limit) => {
      const remote = make(limit)
      redis.connection(options.connection as never).clearListeners('error')
      return insurance.cover(remote, limit)
    }
  })
}

/** Knows whether the server answers, for all the limits that are kept there. */
export class Insurance {
  #until = 0
  #isDown = false

  constructor(private log: Log) {}

  /**
   * A store that asks `remote`, and counts in memory what that one fails to count.
   *
   * @param remote the limits on the server.
   * @param limit what is allowed, for those in memory.
   */
  cover(remote: LimiterStoreContract, limit: LimiterConsumptionOptions): LimiterStoreContract {
    const local = stores.memory({})(limit)
    const ask = <Result>(question: (store: LimiterStoreContract) => Promise<Result>) =>
      this.#ask(
        () => question(remote),
        () => question(local)
      )
    return {
      name: remote.name,
      requests: remote.requests,
      duration: remote.duration,
      blockDuration: remote.blockDuration,
      consume: (key, amount) => ask((store) => store.consume(key, amount)),
      increment: (key, amount) => ask((store) => store.increment(key, amount)),
      decrement: (key, amount) => ask((store) => store.decrement(key, amount)),
      block: (key, duration) => ask((store) => store.block(key, duration)),
      set: (key, requests, duration) => ask((store) => store.set(key, requests, duration)),
      delete: (key) => ask((store) => store.delete(key)),
      get: (key) => ask((store) => store.get(key)),
      deleteInMemoryBlockedKeys: () => remote.deleteInMemoryBlockedKeys?.(),
      clear: async () => {
        await local.clear()
        await ask((store) => store.clear())
      },
    }
  }

  async #ask<Result>(remote: () => Promise<Result>, local: () => Promise<Result>): Promise<Result> {
    if (Date.now() < this.#until) return local()
    try {
      const result = await inTime(remote())
      this.#isBack()
      return result
    } catch (error) {
      if (error instanceof errors.E_TOO_MANY_REQUESTS) {
        this.#isBack()
        throw error
      }
      this.#failed(error)
      return local()
    }
  }

  #failed(error: unknown) {
    this.#until = Date.now() + PAUSE
    if (this.#isDown) return
    this.#isDown = true
    this.log.error(
      { err: error },
      'the store of the limits does not answer: each process counts for itself until it does'
    )
  }

  #isBack() {
    if (!this.#isDown) return
    this.#isDown = false
    this.#until = 0
    this.log.info('the store of the limits answers again')
  }
}

/** What came while the process stood still is read before the next piece begins. */
function inTime<Result>(answer: Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  let left = PATIENCE.pieces
  const timer = setInterval(() => {
    if (--left === 0) reject(new Exception('There was no answer in time.', { code: 'E_LIMITER_SILENT' }))
  }, PATIENCE.milliseconds)
  return Promise.race([answer, late]).finally(() => clearInterval(timer))
}
