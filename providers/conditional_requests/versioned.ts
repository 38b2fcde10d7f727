import type { NormalizeConstructor } from '@adonisjs/core/types/helpers'
import type { BaseModel } from '@adonisjs/lucid/orm'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DateTime } from 'luxon'
import { inTransaction } from '#providers/portable/index'
import { versionOf } from './entity_tag.js'
import { E_PRECONDITION_FAILED } from './errors.js'

/** What the mixin needs of a model, and what Lucid does not declare of its own. */
interface Row extends InstanceType<typeof BaseModel> {
  id: string
  updatedAt: DateTime
  initiateAutoUpdateColumns(): void
}

/**
 * A mixin for models with `id` and `updatedAt`: `version` names the state of the row, and no two saves of a row give it the
 * same, also where the clock stands still or goes back. Bulk updates that leave `updatedAt` alone, such as counters, are
 * no new version.
 */
export function withVersion<Model extends NormalizeConstructor<typeof BaseModel>>(superclass: Model) {
  const autoUpdate = (superclass.prototype as Row).initiateAutoUpdateColumns

  class WithVersion extends superclass {
    get version(): string {
      return versionOf(this as unknown as Row)
    }

    /**
     * Makes the row the transaction's own, at one of these versions and no other: the comparison and the first write are
     * one statement, so of many who expect the same version one goes on. To be called first in the transaction.
     *
     * @param expected as `expectedVersions` gives them; undefined claims nothing.
     * @throws E_PRECONDITION_FAILED (412)
     */
    async claim(expected: string[] | undefined, client: TransactionClientContract) {
      if (!expected) return
      const row = this as unknown as Row
      const { updatedAt } = row.$original
      if (!expected.includes(this.version)) throw new E_PRECONDITION_FAILED()
      const next = later(updatedAt)
      const [claimed] = await modelOf(row)
        .query({ client })
        .where('id', row.id)
        .where('updatedAt', updatedAt.toUTC().toISO())
        .update({ updatedAt: next.toISO() })
      if (!claimed) throw new E_PRECONDITION_FAILED()
      row.updatedAt = row.$original.updatedAt = next
    }

    /**
     * Saves the row at one of these versions and no other.
     *
     * @param expected as `expectedVersions` gives them; undefined saves whatever the version is.
     * @throws E_PRECONDITION_FAILED (412)
     */
    async saveAt(expected: string[] | undefined) {
      if (!expected) return void (await this.save())
      await modelOf(this)
        .$adapter.modelClient(this)
        .transaction(async (client) => {
          await this.claim(expected, client)
          await this.useTransaction(client).save()
        })
    }

    /**
     * Deletes the row at one of these versions and no other.
     *
     * @param expected as `expectedVersions` gives them; undefined deletes it whatever the version is.
     * @throws E_PRECONDITION_FAILED (412)
     */
    async deleteAt(expected: string[] | undefined) {
      if (!expected) return this.delete()
      const model = modelOf(this)
      await inTransaction(model.$adapter.modelClient(this), async (client) => {
        const query = model.query({ client }).where('id', (this as unknown as Row).id)
        query.knexQuery.forNoKeyUpdate()
        const held = (await query.first()) as WithVersion | null
        if (!held || !expected.includes(held.version)) throw new E_PRECONDITION_FAILED()
        await held.delete()
      })
    }

    protected initiateAutoUpdateColumns() {
      autoUpdate.call(this)
      const row = this as unknown as Row
      row.updatedAt = later(row.$original.updatedAt)
    }
  }
  return WithVersion
}

function modelOf(row: InstanceType<typeof BaseModel>) {
  return row.constructor as typeof BaseModel
}

/** Now, and at least a millisecond after the moment. */
function later(moment: DateTime): DateTime {
  return DateTime.max(DateTime.utc(), moment.toUTC().plus(1))
}
