import { BaseSchema } from '@adonisjs/lucid/schema'

/**
 * The newest likes of a post are found without sorting all of them, and one viewer's bookmark without a look at the others'.
 * The condition holds for each like, and keeps PostgreSQL from looking for the like of one viewer in that index, among all.
 */
export default class extends BaseSchema {
  async up() {
    this.schema.raw('create index post_likes_newest_index on post_likes (post_id, id) where id is not null')
    this.schema.alterTable('bookmarks', (table) => {
      table.dropIndex('post_id')
      table.index(['post_id', 'user_id'])
    })
  }

  async down() {
    this.schema.alterTable('bookmarks', (table) => {
      table.dropIndex(['post_id', 'user_id'])
      table.index('post_id')
    })
    this.schema.raw('drop index post_likes_newest_index')
  }
}
