import { compose } from '@adonisjs/core/helpers'
import { BaseModel, column } from '@adonisjs/lucid/orm'
import { NestedSet } from '#providers/nested_set/index'
import { withUuid } from '#providers/portable/index'
import { SoftDelete } from '#providers/soft_delete/index'

class Base extends BaseModel {
  static connection = 'trees'
  @column({ isPrimary: true })
  declare id: string
  @column()
  declare name: string | null
}

class Scoped extends Base {
  @column()
  declare boardId: number
}

/** Many trees, with a trash. */
export class Note extends compose(Scoped, withUuid, SoftDelete, NestedSet('boardId')) {
  static table = 'ns_notes'
}

/** The same rows, with the mixins the other way round. */
export class Etom extends compose(Scoped, NestedSet('boardId'), SoftDelete, withUuid) {
  static table = 'ns_notes'
}

/** The same rows in trees with next to no labels. */
export class TightNote extends compose(Scoped, withUuid, SoftDelete, NestedSet('boardId')) {
  static table = 'ns_notes'
  static labelBits = 11
}

/** The only tree of its table, and no trash. */
export class Shelf extends compose(Base, withUuid, NestedSet()) {
  static table = 'ns_shelves'
}

export type NoteModel = typeof Note
