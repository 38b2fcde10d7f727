import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { HttpContext } from '@adonisjs/core/http'
import type { EncryptionService } from '@adonisjs/core/types'
import type { NextFn } from '@adonisjs/core/types/http'
import type { Database } from '@adonisjs/lucid/database'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { IdempotencyConfig } from './define_config.js'
import {
  E_IDEMPOTENCY_EXHAUSTED,
  E_IDEMPOTENCY_KEY,
  E_IDEMPOTENCY_MISMATCH,
  E_IDEMPOTENCY_NOT_KEPT,
  E_IDEMPOTENCY_RUNNING,
} from './errors.js'
import { Keys, type Answer, type Known } from './keys.js'
import { Locks } from './locks.js'

/** What a request makes, and how it is answered. */
export interface Creation<Made, Kept> {
  /** Makes it, in a transaction given as a callback that returns it. */
  make: () => Promise<Made>
  /** What of it the answer is made from, as JSON: an id, or what the database does not have in clear. */
  keep: (made: Made) => Kept
  /** Sets status and headers, and returns the body; after the commit, and from what was kept alone. */
  answer: (kept: Kept) => unknown
  /** The form that was received, where the body is one: it is compared by its file and its fields. */
  upload?: { path: string; fields: object }
}

/** A request with a key. */
interface Request {
  id: string
  isGuest: boolean
  /** Whether no other request with this key is at work meanwhile. */
  isAlone: boolean
}

interface Making {
  id: string
  fingerprint: string
  keep: (made: any) => unknown
  kept?: unknown
  isMade: boolean
  /** What `make` left running writes no key any more. */
  isOver: boolean
}

const HEADER = 'idempotency-key'
const KEY = /^[\x20-\x7e]{1,255}$/

/** Whoever guesses a body without a log-in learns by the answer whether the guess was right: more than these, nobody tries. */
const ASKED_BY_GUESTS = 100

/**
 * Answers a request that is sent again with the same `Idempotency-Key` as it was answered the first time, for 24 hours:
 * the key is committed together with what the request makes, and the answer when it is made. (After the
 * `Idempotency-Key` of Stripe and of the IETF's httpapi group.)
 */
export class Idempotency {
  #keys: Keys
  #locks: Locks
  #requests = new WeakMap<HttpContext, Request>()
  #making = new AsyncLocalStorage<Making>()

  constructor(
    private config: IdempotencyConfig,
    db: Database,
    private encryption: EncryptionService
  ) {
    this.#keys = new Keys(db, encryption)
    this.#locks = new Locks(() => db.connection())
  }

  /**
   * The middleware: reads the header of a POST, and lets one request with a key through at a time.
   *
   * @throws E_IDEMPOTENCY_KEY (400) for a header that is not a key.
   * @throws E_IDEMPOTENCY_RUNNING (409) while another request with the key is at work and has not answered.
   */
  async handle(ctx: HttpContext, next: NextFn) {
    const key = ctx.request.headers()[HEADER]
    if (key === undefined || ctx.request.method() !== 'POST') return next()
    if (typeof key !== 'string' || !KEY.test(key)) throw new E_IDEMPOTENCY_KEY()

    const account = this.config.account(ctx) ?? null
    const owner = account === null ? ['guest', this.config.guest(ctx)] : ['account', account]
    const id = this.encryption.blindIndex(JSON.stringify([...owner, key]), 'idempotency key')
    const isAlone = await this.#locks.take(id)
    try {
      if (!isAlone && !(await this.#keys.find(id))?.answer) throw new E_IDEMPOTENCY_RUNNING()
      this.#requests.set(ctx, { id, isGuest: account === null, isAlone })
      return await next()
    } finally {
      if (isAlone) await this.#locks.release(id)
    }
  }

  /**
   * Makes and answers, or answers again: `ctx.once()`. Without a key it just does it.
   *
   * @throws E_IDEMPOTENCY_MISMATCH (422) when the key was used with another body, or at another address.
   * @throws E_IDEMPOTENCY_RUNNING (409) when another process was faster, and has not answered.
   * @throws E_IDEMPOTENCY_EXHAUSTED (429) when a guest asks for the hundred and first time.
   * @throws E_IDEMPOTENCY_NOT_KEPT (500) when `make` had no transaction that returns what it makes.
   * @throws what `make` and `answer` throw. When `make` failed, the key is as good as new.
   */
  async once<Made, Kept>(ctx: HttpContext, creation: Creation<Made, Kept>): Promise<unknown> {
    const request = this.#requests.get(ctx)
    if (!request) return creation.answer(creation.keep(await creation.make()))

    const { id, isGuest, isAlone } = request
    const fingerprint = await this.#fingerprint(ctx, creation.upload)
    const again = async (known: Known) => {
      if (isGuest && (await this.#keys.ask(id)) > ASKED_BY_GUESTS) throw new E_IDEMPOTENCY_EXHAUSTED()
      if (known.fingerprint !== fingerprint) throw new E_IDEMPOTENCY_MISMATCH()
      if (known.answer) return send(ctx, known.answer)
      if (!isAlone) throw new E_IDEMPOTENCY_RUNNING()
      return this.#answer(ctx, id, () => creation.answer(known.kept as Kept))
    }

    const known = await this.#keys.find(id)
    if (known) return again(known)
    if (!isAlone) throw new E_IDEMPOTENCY_RUNNING()

    const making: Making = { id, fingerprint, keep: creation.keep, isMade: false, isOver: false }
    try {
      await this.#making.run(making, creation.make)
    } catch (error) {
      // It may be made all the same: by another process, or by a COMMIT whose answer was lost.
      const made = await this.#keys.find(id).catch(() => null)
      if (made) return again(made)
      throw error
    } finally {
      making.isOver = true
    }
    if (!making.isMade) throw new E_IDEMPOTENCY_NOT_KEPT()
    return this.#answer(ctx, id, () => creation.answer(making.kept as Kept))
  }

  /** Keeps the key of the request in the first transaction that returns what was made. Called before each COMMIT. */
  async keep(transaction: TransactionClientContract, made: unknown) {
    const making = this.#making.getStore()
    if (!making || making.isMade || making.isOver || made === undefined) return
    making.kept = making.keep(made)
    await this.#keys.insert(transaction, making.id, { fingerprint: making.fingerprint, kept: making.kept })
    transaction.after('commit', () => void (making.isMade = true))
  }

  /**
   * Removes the keys that are older than 24 hours.
   *
   * @returns how many there were.
   */
  sweep(): Promise<number> {
    return this.#keys.sweep()
  }

  async #answer(ctx: HttpContext, id: string, make: () => unknown) {
    const before = ctx.response.getHeaders()
    const body = await make()
    const headers = Object.entries(ctx.response.getHeaders()).filter(([name, value]) => before[name] !== value)
    await this.#keys.answer(id, {
      status: ctx.response.getStatus(),
      headers: headers as Answer['headers'],
      body: JSON.stringify(body),
    })
    return body
  }

  /** Keyed, because a body may hold a password: a plain hash of it could be tried out by whoever reads the table. */
  async #fingerprint({ request }: HttpContext, upload?: Creation<any, any>['upload']): Promise<string> {
    const content = upload ? [await hashOf(upload.path), Object.entries(upload.fields).sort()] : [request.raw()]
    return this.encryption.blindIndex(JSON.stringify([request.url(true), ...content]), 'idempotency body')
  }
}

function send({ response }: HttpContext, { status, headers, body }: Answer) {
  response.status(status)
  for (const [name, value] of headers) response.header(name, value)
  return JSON.parse(body)
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}
