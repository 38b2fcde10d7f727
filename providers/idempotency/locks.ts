import type { QueryClientContract } from '@adonisjs/lucid/types/database'

interface Connection {
  query(text: string, values?: unknown[]): Promise<{ rows: any[] }>
  __knex__disposed?: unknown
}

interface Pool {
  acquireConnection(): Promise<Connection>
  releaseConnection(connection: Connection): Promise<void>
}

const NUMBER = 'hashtextextended($1, 7432920)'

/**
 * Which keys are being worked on: in this process, and on PostgreSQL in all of them. There the locks of a process are
 * advisory ones of one session, so they take one connection of the pool, however many they are, and are gone with the
 * process. They only say who is at work: that nothing is made twice is up to the table.
 */
export class Locks {
  #here = new Set<string>()
  #session: Promise<Connection> | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(private client: () => QueryClientContract) {}

  /** @returns false when somebody else has it. */
  async take(id: string): Promise<boolean> {
    if (this.#here.has(id)) return false
    this.#here.add(id)
    try {
      const taken = await this.#run(`select pg_try_advisory_lock(${NUMBER}) as done`, id)
      if (!taken) await this.#leave(id)
      return taken
    } catch (error) {
      await this.#leave(id)
      throw error
    }
  }

  async release(id: string) {
    // Where the session is gone, the lock is too.
    await this.#run(`select pg_advisory_unlock(${NUMBER}) as done`, id).catch(() => false)
    await this.#leave(id)
  }

  /** One statement at a time: the driver wants no two of a session at once. */
  async #run(sql: string, id: string): Promise<boolean> {
    if (this.client().dialect.name !== 'postgres') return true
    const done = this.#last.then(() => this.#query(sql, id))
    this.#last = done.catch(() => false)
    return done
  }

  async #query(sql: string, id: string): Promise<boolean> {
    const session = (this.#session ??= this.#pool.acquireConnection())
    try {
      const { rows } = await (await session).query(sql, [id])
      return rows[0].done
    } catch (error) {
      if (this.#session === session) {
        this.#session = null
        await this.#dispose(session, error)
      }
      throw error
    }
  }

  /** The last one to leave gives the session back. */
  async #leave(id: string) {
    this.#here.delete(id)
    if (this.#here.size > 0 || !this.#session) return
    const session = this.#session
    this.#session = null
    await this.#pool.releaseConnection(await session)
  }

  /** There is none where the pool had none to give. */
  async #dispose(session: Promise<Connection>, error: unknown) {
    const connection = await session.catch(() => null)
    if (!connection) return
    connection.__knex__disposed = error
    await this.#pool.releaseConnection(connection)
  }

  get #pool(): Pool {
    return this.client().getWriteClient().client
  }
}
