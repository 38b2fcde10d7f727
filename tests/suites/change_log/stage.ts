import type logger from '@adonisjs/core/services/logger'
import { BaseModel, belongsTo, column, hasMany, manyToMany } from '@adonisjs/lucid/orm'
import db from '@adonisjs/lucid/services/db'
import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { BelongsTo, HasMany, ManyToMany } from '@adonisjs/lucid/types/relations'
import type { Group } from '@japa/runner/core'
import type { DateTime } from 'luxon'
import {
  afterCommit,
  ChangeLog,
  type Change,
  type ChangeLogConfig,
  createChangeTables,
} from '#providers/change_log/index'
import { E_COMMIT_FAILED, guardCommits } from '#providers/commit_guard/index'
import { instant } from '#providers/portable/index'
import { eventually } from '#tests/helpers'

/** A database of its own for the suites. */
export interface Place {
  name: string
  /** Registers the connections "watched" and "foreign", which are two pools, or two processes' for SQLite. */
  connect(): Promise<() => Promise<void>>
  /** What a child process is told. */
  child(): unknown
}

const FAST = { sweepMs: 50, backoffMs: 20, attempts: 3 }
const SILENT = { error: () => undefined, info: () => undefined } as unknown as typeof logger

export const WATCHED = ['title', 'done', 'big', 'seenAt', 'ownerId']
export const PIVOT = { table: 'note_readers', key: ['note_id', 'owner_id'], columns: [] }

export class Owner extends BaseModel {
  static connection = 'watched'
  static table = 'owners'
  static watched = ['name'] as const

  @column({ isPrimary: true })
  declare id: number
  @column()
  declare name: string | null
  @hasMany(() => Note)
  declare notes: HasMany<typeof Note>
}

export class Note extends BaseModel {
  static connection = 'watched'
  static table = 'notes'
  static watched = WATCHED
  static selfAssignPrimaryKey = true

  @column({ isPrimary: true })
  declare id: string
  @column()
  declare title: string | null
  @column()
  declare done: boolean | null
  @column()
  declare big: string | null
  @instant()
  declare seenAt: DateTime | null
  @instant()
  declare deletedAt: DateTime | null
  @column()
  declare hits: number
  @column()
  declare ownerId: number | null
  @belongsTo(() => Owner)
  declare owner: BelongsTo<typeof Owner>
  @manyToMany(() => Owner, {
    pivotTable: 'note_readers',
    pivotForeignKey: 'note_id',
    pivotRelatedForeignKey: 'owner_id',
  })
  declare readers: ManyToMany<typeof Owner>

  static heard: Change<any>[] = []
  static failing = new Set<string>()

  @afterCommit('created', { synchronous: true })
  @afterCommit('updated', { synchronous: true })
  @afterCommit('deleted', { synchronous: true })
  @afterCommit('restored', { synchronous: true })
  static async hear(change: Change<any>) {
    this.heard.push(change)
  }

  @afterCommit('updated')
  @afterCommit('created')
  static async stumble({ key }: Change) {
    if (this.failing.has(key)) throw new E_COMMIT_FAILED('stumbled')
  }
}

let ids = 0
/** Grows, so that failed tests read well. */
export const nextNumber = () => ++ids
export const nextId = () => `note-${nextNumber()}`

/** What the tests of a group share: the tables, and a log that leads. */
export class Stage {
  changeLog!: ChangeLog
  client!: QueryClientContract
  foreign!: QueryClientContract
  isPostgres!: boolean

  constructor(group: Group, place: Place) {
    group.setup(async () => {
      const disconnect = await place.connect()
      this.client = db.connection('watched')
      this.foreign = db.connection('foreign')
      this.isPostgres = this.client.dialect.name === 'postgres'
      guardCommits(this.client)
      await this.#createTables()
      return disconnect
    })
    group.each.setup(async () => {
      this.changeLog = this.make()
      await this.changeLog.install()
      for (const table of ['note_readers', 'notes', 'owners', 'changes', 'change_failures']) {
        await this.raw(`delete from ${table}`)
      }
      Note.heard = []
      Note.failing.clear()
      await this.begin()
      return () => this.changeLog.stop()
    })
  }

  make(config: Partial<ChangeLogConfig> = {}) {
    const models = [async () => ({ default: Note }), async () => ({ default: Owner })]
    return new ChangeLog(db, { connection: 'watched', models, tables: [PIVOT], ...FAST, ...config }, SILENT)
  }

  /** Ends the log at hand; another one leads, with what `prepare` adds to it. */
  async replace(config: Partial<ChangeLogConfig> = {}, prepare: (changeLog: ChangeLog) => void = () => undefined) {
    await this.changeLog.stop()
    this.changeLog = this.make(config)
    prepare(this.changeLog)
    await this.begin()
  }

  async begin() {
    await this.changeLog.start()
    await eventually(() => this.changeLog.leads, 'leads')
  }

  async raw(sql: string, from = this.client): Promise<any[]> {
    const result = await from.rawQuery(sql)
    return result.rows ?? result
  }

  drained() {
    return eventually(async () => {
      const { waiting, retrying } = await this.changeLog.status()
      return waiting + retrying === 0
    }, 'the log is empty')
  }

  /** Whether the changes reach the hooks: as `ChangeLog.delivered`, for as long as a slow machine takes. */
  delivered({ transaction, log = this.changeLog }: { transaction?: TransactionClientContract; log?: ChangeLog } = {}) {
    return log.delivered({ transaction, timeoutMs: 60_000 })
  }

  heard(key: string) {
    return Note.heard.filter((change) => change.key === key)
  }

  operations(key: string) {
    return this.heard(key).map(({ operation }) => operation)
  }

  async #createTables() {
    const time = this.isPostgres ? 'timestamptz' : 'datetime'
    const serial = this.isPostgres ? 'serial' : 'integer'
    await this.raw(`create table owners (id ${serial} primary key, name text unique)`)
    await this
      .raw(`create table notes (id text primary key, title text, done boolean, big bigint, seen_at ${time}, deleted_at ${time},
      hits integer not null default 0, owner_id integer references owners(id) on delete cascade deferrable initially deferred)`)
    await this
      .raw(`create table note_readers (note_id text not null references notes(id) on delete cascade on update cascade, owner_id integer not null
      references owners(id) on delete cascade, primary key (note_id, owner_id))`)
    const { schema } = this.client
    createChangeTables(schema as any)
    await schema
  }
}
