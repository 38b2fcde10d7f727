import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@adonisjs/core/logger'
import type { Database } from '@adonisjs/lucid/database'
import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'
import { guardCommits, onCommitted, transactionId } from '#providers/commit_guard/index'
import type { LoggedChange, LogStore, Subscriber, WatchedTable } from './contract.js'
import { type ChangeLogConfig, DEFAULTS, type RelayOptions } from './define_config.js'
import { E_CHANGE_LOG_CONFIG, E_CHANGE_LOG_DECLARATION, E_CHANGE_LOG_STALE } from './errors.js'
import { Deliveries } from './deliveries.js'
import { subscribersOf } from './hooks.js'
import { Relay } from './relay.js'
import { PostgresStore } from './stores/postgres.js'
import { SqliteStore } from './stores/sqlite.js'
import { findProblems, installTriggers, uninstallTriggers } from './triggers.js'
import { watchedTable } from './watched.js'

/** How far the hooks are behind; `oldestMs` is the age of the oldest change that waits for its first delivery. */
export interface ChangeLogStatus {
  waiting: number
  oldestMs: number | null
  retrying: number
  dead: { id: number; subscriber: string; table: string; key: string; attempts: number; error: string | null }[]
  problems: string[]
}

interface DeadFilter {
  subscriber?: string
  key?: string
}

interface Watched {
  tables: WatchedTable[]
  subscribers: Subscriber[]
}

const WRITES = new Set(['insert', 'update', 'del', 'counter'])
const READS = /^\s*(select|explain|show|pragma)\b/i
const BOUND_MS = 2000
const DIRECT_ROWS = 1000

/** The log of what happened to the rows, and those who are told of it. */
export class ChangeLog {
  #relay: Relay | null = null
  #started: Promise<void> | null = null
  #prepared: Promise<Deliveries> | null = null
  #loaded: Promise<Watched> | null = null
  #added: Subscriber[] = []
  #detach: (() => void)[] = []

  constructor(
    private db: Database,
    private config: ChangeLogConfig,
    private logger: Pick<Logger, 'error' | 'info'>
  ) {
    if (!Array.isArray(config?.models)) {
      throw new E_CHANGE_LOG_CONFIG('config/change_log.ts has to export defineConfig({ models: […] }).')
    }
  }

  get client(): QueryClientContract {
    return this.db.connection(this.config.connection)
  }

  /** Whether this process delivers the changes now. */
  get leads(): boolean {
    return this.#relay?.leads ?? false
  }

  /** Adds one who is told of changes, before `start()` and `delivered()`. */
  subscribe(subscriber: Omit<Subscriber, 'synchronous'> & { synchronous?: boolean }) {
    this.#added.push({ synchronous: false, ...subscriber })
  }

  /** Makes the triggers be those of the declarations, see `installTriggers`. */
  async install({ lenient = false } = {}) {
    const { tables } = await this.#watched().catch((error) => {
      // A model may be ahead of its schema class, which is generated after the migrations.
      if (lenient && error instanceof E_CHANGE_LOG_DECLARATION) return { tables: [] }
      throw error
    })
    return installTriggers(this.client, tables, { lenient })
  }

  /** Takes all triggers away, as before a migration. */
  uninstall() {
    return uninstallTriggers(this.client)
  }

  /** @throws E_CHANGE_LOG_STALE when a write could escape the log: names each table and what is wrong. */
  async check() {
    const problems = await findProblems(this.client, (await this.#watched()).tables)
    if (problems.length > 0) throw new E_CHANGE_LOG_STALE(problems)
  }

  /** Begins to deliver, as the leader or standing by; each commit through Lucid wakes it. */
  start(): Promise<void> {
    this.#started ??= this.#begin()
    return this.#started
  }

  async #begin() {
    const deliveries = await this.#deliveries()
    const client = this.client
    guardCommits(client)
    const relay = new Relay(storeOf(client), deliveries, this.#options, this.logger)
    this.#relay = relay

    const onResponse = (_: unknown, query: { method?: string; sql: string; __knexTxId?: string }) => {
      if (query.__knexTxId) return
      if (WRITES.has(query.method!) || (query.method === 'raw' && !READS.test(query.sql))) relay.wake()
    }
    const knex = client.getWriteClient()
    knex.on('query-response', onResponse)
    this.#detach = [
      () => void knex.removeListener('query-response', onResponse),
      onCommitted(({ connection, xid }) => {
        const wrote = xid !== null || client.dialect.name !== 'postgres'
        if (wrote && connection === client.connectionName) relay.wake()
      }),
    ]
    relay.start()
  }

  /** Ends after the batch that is being delivered. */
  async stop() {
    await this.#started?.catch(() => undefined)
    this.#started = null
    for (const detach of this.#detach.splice(0)) detach()
    const relay = this.#relay
    this.#relay = null
    await relay?.stop()
  }

  /**
   * Waits until the synchronous hooks were run for what is committed now; where another process leads, runs them here.
   *
   * @param options.transaction only the changes of this one matter, which has been committed.
   * @param options.timeoutMs how long to wait at most; 2 seconds.
   * @returns whether all of them succeeded, or at least were handed to the leader's hooks, in that time.
   */
  async delivered(options: { transaction?: TransactionClientContract; timeoutMs?: number } = {}): Promise<boolean> {
    const ended = new AbortController()
    const late = sleep(options.timeoutMs ?? BOUND_MS, false, { signal: ended.signal }).catch(() => false)
    try {
      return await Promise.race([this.#reach(options.transaction), late])
    } finally {
      ended.abort()
    }
  }

  async status(): Promise<ChangeLogStatus> {
    const [log] = await this.#rows<Record<string, any>>(
      'select count(*) as waiting, min(created_at) as oldest from changes'
    )
    const [failed] = await this.#rows<Record<string, any>>(
      'select count(*) as retrying from change_failures where dead_at is null'
    )
    const dead = await this.#rows<any>(
      'select id, subscriber, table_name as "table", key, attempts, error from change_failures where dead_at is not null order by id'
    )
    return {
      waiting: Number(log.waiting),
      oldestMs: log.oldest === null ? null : Date.now() - Number(log.oldest),
      retrying: Number(failed.retrying),
      dead,
      problems: await findProblems(this.client, (await this.#watched()).tables),
    }
  }

  /**
   * Makes dead letters live again: they are delivered with the next sweep, with all attempts before them.
   *
   * @param filter only those of one subscriber, of one key.
   * @returns how many.
   */
  async retry(filter: DeadFilter = {}): Promise<number> {
    const revived = await this.#dead(filter).update({ dead_at: null, attempts: 0, retry_at: Date.now() })
    return Number([revived].flat()[0])
  }

  /** How many dead letters `retry()` would make live again. */
  async countDead(filter: DeadFilter = {}): Promise<number> {
    const [{ total }] = await this.#dead(filter).count('* as total')
    return Number(total)
  }

  #dead({ subscriber, key }: DeadFilter) {
    return this.client
      .from('change_failures')
      .whereNotNull('dead_at')
      .if(subscriber, (query) => query.where('subscriber', subscriber!))
      .if(key, (query) => query.where('key', key!))
  }

  async #reach(transaction?: TransactionClientContract): Promise<boolean> {
    if (await this.#relay?.reached()) return true
    const deliveries = await this.#deliveries()
    const inHand = this.#relay?.inHand
    const xid = transaction ? transactionId(transaction) : null
    const where = xid === null ? '' : `where xid = '${xid}'`
    const rows = await this.#rows<LoggedChange>(
      `select id, table_name, key, operation, before, after from changes ${where} order by id limit ${DIRECT_ROWS}`
    )
    const left = rows.filter(({ id }) => !inHand?.has(id))
    return (await deliveries.runSynchronous(left)) && rows.length < DIRECT_ROWS
  }

  async #rows<Row>(sql: string): Promise<Row[]> {
    const result = await this.client.rawQuery(sql)
    return result.rows ?? result
  }

  #deliveries(): Promise<Deliveries> {
    this.#prepared ??= this.#watched().then(({ tables, subscribers }) => {
      const watched = new Map(tables.map((each) => [each.table, each]))
      return new Deliveries([...subscribers, ...this.#added], watched, this.#options, this.logger)
    })
    return this.#prepared
  }

  get #options(): RelayOptions {
    return { ...DEFAULTS, ...this.config }
  }

  #watched(): Promise<Watched> {
    this.#loaded ??= this.#load()
    return this.#loaded
  }

  async #load(): Promise<Watched> {
    const models = await Promise.all(this.config.models.map(async (load) => (await load()).default))
    return {
      tables: [...models.map(watchedTable), ...(this.config.tables ?? [])],
      subscribers: models.flatMap(subscribersOf),
    }
  }
}

function storeOf(client: QueryClientContract): LogStore {
  return client.dialect.name === 'postgres' ? new PostgresStore(client) : new SqliteStore(client)
}
