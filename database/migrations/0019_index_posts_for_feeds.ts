import { BaseSchema } from '@adonisjs/lucid/schema'

const LISTED = 'where deleted_at is null and archived_at is null'

/** What is in feeds is found without a look at the posts themselves: the newest of all, and the newest of one author. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`create index posts_listed_index on posts (id, user_id) ${LISTED}`)
    this.schema.raw(`create index posts_listed_by_author_index on posts (user_id, id) ${LISTED}`)
  }

  async down() {
    this.schema.raw('drop index posts_listed_by_author_index')
    this.schema.raw('drop index posts_listed_index')
  }
}
