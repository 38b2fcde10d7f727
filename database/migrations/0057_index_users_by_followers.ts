import { BaseSchema } from '@adonisjs/lucid/schema'

/** The most followed come first without a look at all accounts. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(
      `create index users_most_followed_index on users (followers_count desc, id)
       where deleted_at is null and suspended_at is null`
    )
  }

  async down() {
    this.schema.raw('drop index users_most_followed_index')
  }
}
