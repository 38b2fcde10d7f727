import { BaseSchema } from '@adonisjs/lucid/schema'

/** What an author says below a post of theirs can put it under a hashtag: the few that may are found among all that they said. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      create index comments_hashtags_index on comments (post_id, user_id)
      where deleted_at is null and (text like '%#%' or text like '%＃%')`)
  }

  async down() {
    this.schema.raw('drop index comments_hashtags_index')
  }
}
