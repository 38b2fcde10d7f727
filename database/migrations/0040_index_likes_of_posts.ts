import { BaseSchema } from '@adonisjs/lucid/schema'

/** The newest likes of a post are found without sorting all of them. */
export default class extends BaseSchema {
  async up() {
    this.schema.alterTable('post_likes', (table) => table.index(['post_id', 'id']))
  }

  async down() {
    this.schema.alterTable('post_likes', (table) => table.dropIndex(['post_id', 'id']))
  }
}
