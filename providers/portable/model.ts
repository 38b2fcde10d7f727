import type { NormalizeConstructor } from '@adonisjs/core/types/helpers'
import { BaseModel, beforeCreate } from '@adonisjs/lucid/orm'
import { uuidv7 } from './uuid.js'

/**
 * A mixin for models whose primary key is a UUID in `id`: gives every new row one that sorts by time, and sets the columns
 * that were left out to null, so that a model reads the same after `create` as after `find`. (Defaults of the database
 * are not read back; set them on the model.)
 */
export function withUuid<Model extends NormalizeConstructor<typeof BaseModel>>(superclass: Model) {
  class WithUuid extends superclass {
    static selfAssignPrimaryKey = true

    @beforeCreate()
    static complete(row: InstanceType<typeof BaseModel> & { id?: string }) {
      row.id ??= uuidv7()
      for (const name of (row.constructor as typeof BaseModel).$columnsDefinitions.keys()) {
        if (row.$attributes[name] === undefined) row.$setAttribute(name, null)
      }
    }
  }
  return WithUuid
}
