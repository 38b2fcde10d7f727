import { BaseSchema } from '@adonisjs/lucid/schema'
import { dropNestedSet, nestedSet } from '#providers/nested_set/index'
import { dropColumns } from '#providers/portable/index'

/** Comments that are there already get their places from `comments:repair`. */
export default class extends BaseSchema {
  async up() {
    nestedSet(this.schema, 'comments', { scope: 'post_id' })
    this.schema.alterTable('comments', (table) => {
      table.timestamp('edited_at', { useTz: true, precision: 3 }).nullable()
      table.timestamp('pinned_at', { useTz: true, precision: 3 }).nullable()
      table.uuid('removed_by_id').nullable()
    })
    this.schema.raw('create index comments_top_index on comments (post_id, likes_count, id) where parent_id is null')
    this.schema.raw('create index comments_newest_index on comments (post_id, id) where parent_id is null')
    this.schema.raw('create unique index comments_pinned_unique on comments (post_id) where pinned_at is not null')
    this.schema.alterTable('posts', (table) => {
      table.timestamp('comments_locked_at', { useTz: true, precision: 3 }).nullable()
    })
  }

  async down() {
    dropColumns(this.schema, 'posts', ['comments_locked_at'])
    for (const name of ['comments_pinned_unique', 'comments_newest_index', 'comments_top_index'])
      this.schema.raw(`drop index ${name}`)
    dropColumns(this.schema, 'comments', ['edited_at', 'pinned_at', 'removed_by_id'])
    dropNestedSet(this.schema, 'comments')
  }
}
