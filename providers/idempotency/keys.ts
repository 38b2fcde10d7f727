import type { EncryptionService } from '@adonisjs/core/types'
import type { Database } from '@adonisjs/lucid/database'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { Statement } from '#providers/portable/index'
import { TABLE } from './table.js'

/** An answer as it is sent again. */
export interface Answer {
  status: number
  headers: [name: string, value: string | string[]][]
  /** The JSON of its body. */
  body: string
}

/** A key whose request has had its effect. */
export interface Known {
  fingerprint: string
  /** What the answer is made from. */
  kept: unknown
  /** Null when the process ended, or failed, before the answer was made. */
  answer: Answer | null
}

interface Row {
  fingerprint: string
  kept: string
  answer: string | null
  created_at: Date | string
}

const LIFETIME = 24 * 3_600_000
const BATCH = 1000

const byId = new Statement<Row>(
  'idempotency-key',
  `select fingerprint, kept, answer, created_at from ${TABLE} where id = :id`
)

/** The table of the keys: it names nobody, and what it keeps is encrypted, each row for itself. */
export class Keys {
  constructor(
    private db: Database,
    private encryption: EncryptionService
  ) {}

  /** What is committed of the key; one that has expired is removed, and not known any more. */
  async find(id: string): Promise<Known | null> {
    const [row] = await byId.all({ id })
    if (!row) return null
    if (new Date(row.created_at).getTime() <= Date.now() - LIFETIME) {
      await this.db.from(TABLE).where('id', id).where('created_at', '<=', expired()).delete()
      return null
    }
    return {
      fingerprint: row.fingerprint,
      kept: this.#decrypt(row.kept, id),
      answer: row.answer === null ? null : this.#decrypt<Answer>(row.answer, id),
    }
  }

  /** Stores the key in the transaction of its effect. Fails with a unique violation when it is there already. */
  async insert(transaction: TransactionClientContract, id: string, { fingerprint, kept }: Omit<Known, 'answer'>) {
    const row = { id, fingerprint, kept: this.#encrypt(kept, id), asked: 0, created_at: new Date().toISOString() }
    await transaction.table(TABLE).insert(row)
  }

  async answer(id: string, answer: Answer) {
    await this.db
      .from(TABLE)
      .where('id', id)
      .update({ answer: this.#encrypt(answer, id) })
  }

  /** @returns how often the key was asked for, this time included. */
  async ask(id: string): Promise<number> {
    const [row] = await this.db.from(TABLE).where('id', id).update('asked', this.db.raw('asked + 1'), ['asked'])
    return row?.asked ?? 0
  }

  async sweep(): Promise<number> {
    for (let swept = 0; ;) {
      const old = this.db.from(TABLE).select('id').where('created_at', '<=', expired()).limit(BATCH)
      const deleted = Number(await this.db.from(TABLE).whereIn('id', old).delete())
      swept += deleted
      if (deleted < BATCH) return swept
    }
  }

  #encrypt(value: unknown, id: string): string {
    return this.encryption.encrypt(JSON.stringify(value), undefined, id)
  }

  #decrypt<Value>(text: string, id: string): Value {
    return JSON.parse(this.encryption.decrypt<string>(text, id)!)
  }
}

function expired(): string {
  return new Date(Date.now() - LIFETIME).toISOString()
}
