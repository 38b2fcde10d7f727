import { BaseSchema } from '@adonisjs/lucid/schema'

/** The newest that everyone may see are found without a look at those for followers. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(
      `create index posts_public_index on posts (id)
       where visibility = 'public' and deleted_at is null and archived_at is null`
    )
  }

  async down() {
    this.schema.raw('drop index posts_public_index')
  }
}
