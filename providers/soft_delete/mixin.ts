import type { NormalizeConstructor } from '@adonisjs/core/types/helpers'
import { BaseModel, column } from '@adonisjs/lucid/orm'
import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import type { DateTime } from 'luxon'
import { inTransaction, instant } from '#providers/portable/index'
import { E_PARENT_TRASHED, E_PURGED } from './errors.js'
import { deletionOf } from './filter.js'
import { keyOf, parentsOf, register, type SoftDeletes, type SoftDeletingModel } from './graph.js'
import { erase } from './erase.js'
import { everyRow, install } from './query.js'

install()

/**
 * A mixin for models whose deleted rows go to a trash: columns `deleted_at` and `deletion_id`, hidden from every query
 * through Lucid's models until it says `withTrashed()` or `onlyTrashed()`. See README.md for what it promises.
 *
 *     class Post extends compose(PostSchema, withUuid, SoftDelete) {
 *       static softDeletes = { cascade: ['comments'], retention: '30d' }
 *     }
 */
export function SoftDelete<Model extends NormalizeConstructor<typeof BaseModel>>(superclass: Model) {
  class SoftDeleting extends superclass {
    static readonly isSoftDeleting = true
    static softDeletes: SoftDeletes = {}

    static boot() {
      if (Object.hasOwn(this, 'booted') && this.booted) return
      super.boot()
      register(this as unknown as SoftDeletingModel)
    }

    /** When the row went to the trash. */
    @instant()
    declare deletedAt: DateTime | null

    /** What took it there: all rows that one deletion took have the same. */
    @column({ serializeAs: null })
    declare deletionId: string | null

    get trashed(): boolean {
      return Boolean(this.deletedAt)
    }

    /**
     * Moves the row to the trash, with its living descendants. Nothing happens to a row that is there already. The delete
     * hooks run; `$isDeleted` stays false, as the row can still be changed and restored.
     */
    async delete() {
      this.ensureIsntDeleted()
      if (this.trashed) return
      const { $hooks } = this.constructor as typeof BaseModel
      await $hooks.runner('before:delete').run(this)
      await moveToTrash(this)
      await $hooks.runner('after:delete').run(this)
    }

    /** As `delete`, without hooks. */
    async deleteQuietly() {
      this.ensureIsntDeleted()
      if (!this.trashed) await moveToTrash(this)
    }

    /**
     * Takes the row out of the trash, with what its deletion took along. Nothing happens to a living row.
     *
     * @throws E_PARENT_TRASHED, E_RESTORE_CONFLICT, E_PURGED; then nothing was restored.
     */
    async restore() {
      this.ensureIsntDeleted()
      await ownRow(this).restore()
      if (!(await readTrash(this))) throw new E_PURGED()
    }

    /** Deletes the row for good, its descendants first, after `beforePurge`. The delete hooks run. */
    async forceDelete() {
      this.ensureIsntDeleted()
      const model = modelOf(this)
      await model.$hooks.runner('before:delete').run(this)
      await inTransaction(clientOf(this), (client) => erase(client, model, [this.$primaryKeyValue]))
      this.$isDeleted = true
      await model.$hooks.runner('after:delete').run(this)
    }

    /** @throws E_PARENT_TRASHED when the row is new, or moves, and its parent is in the trash. */
    async save() {
      return underLivingParents(this, () => super.save())
    }

    /** As `save`, without hooks. */
    async saveQuietly() {
      return underLivingParents(this, () => super.saveQuietly())
    }

    $getQueryFor(action: any, client: QueryClientContract): any {
      const query: any = super.$getQueryFor(action, client)
      return action === 'insert' ? query : query.withTrashed()
    }

    /** Lucid's own, which is private there. */
    declare ensureIsntDeleted: () => void
  }
  return SoftDeleting
}

type Row = InstanceType<typeof BaseModel> & { deletedAt: DateTime | null; deletionId: string | null; trashed: boolean }

function modelOf(row: Row) {
  return row.constructor as unknown as SoftDeletingModel & typeof BaseModel
}

function clientOf(row: Row): QueryClientContract {
  return modelOf(row).$adapter.modelClient(row)
}

function ownRow(row: Row): any {
  const model = modelOf(row)
  return model.query({ client: clientOf(row) }).where(keyOf(model), row.$primaryKeyValue as string)
}

async function moveToTrash(row: Row) {
  const query = ownRow(row)
  const [moved] = await query.del()
  // Somebody may have been faster: the deletion is theirs then.
  if (!moved) return readTrash(row)
  const { id, at } = deletionOf(query)
  setTrash(row, { deleted_at: at, deletion_id: id })
}

/** Reads where the row is now; false when it is gone. */
async function readTrash(row: Row): Promise<boolean> {
  const found = await ownRow(row).withTrashed().select('deleted_at', 'deletion_id').pojo().first()
  if (found) setTrash(row, found)
  return Boolean(found)
}

/** The rest of the row is left as it is, changed or not. */
function setTrash(row: Row, columns: { deleted_at: string | Date | null; deletion_id: string | null }) {
  row.$consumeAdapterResult(columns)
  for (const name of ['deletedAt', 'deletionId'] as const) row.$original[name] = row.$attributes[name]
}

async function underLivingParents<Result>(row: Row, write: () => Promise<Result>): Promise<Result> {
  const model = modelOf(row)
  const moved = parentsOf(model).filter(({ childKey }) => {
    const value = row.$attributes[childKey]
    return value !== null && value !== undefined && value !== row.$original[childKey]
  })
  if (moved.length === 0 || row.trashed || model.softDeletes.guard === false) return write()

  const guarded = async (client: QueryClientContract) => {
    for (const { parent, parentColumn, childKey } of moved) {
      const query: any = everyRow(parent, client as any).where(parentColumn, row.$attributes[childKey])
      // Who deletes or restores the parent waits for it; who only updates it, as counters do, does not.
      query.knexQuery.forKeyShare()
      const found = await query.select('deleted_at').pojo().first()
      if (found?.deleted_at) throw new E_PARENT_TRASHED()
    }
    return write()
  }
  const client = clientOf(row)
  if (client.isTransaction) return guarded(client)
  return client.transaction((transaction) => {
    row.useTransaction(transaction)
    return guarded(transaction)
  })
}
