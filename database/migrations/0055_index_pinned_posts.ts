import { BaseSchema } from '@adonisjs/lucid/schema'

/** Three of an author at most: they are found without a look at the others. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(
      'create index posts_pinned_index on posts (user_id) where pinned_at is not null and deleted_at is null and archived_at is null'
    )
  }

  async down() {
    this.schema.raw('drop index posts_pinned_index')
  }
}
