import { BaseSchema } from '@adonisjs/lucid/schema'
import { dropColumns } from '#providers/portable/index'

/** Which thread a comment is in, and how many are in each. */
export default class extends BaseSchema {
  protected tableName = 'comments'

  async up() {
    this.schema.alterTable(this.tableName, (table) => {
      table.uuid('thread_id').nullable()
      table.integer('thread_count').notNullable().defaultTo(0)
    })
    this.schema.raw(`
      with recursive threads as (
        select id, cast(null as ${this.db.dialect.name === 'postgres' ? 'uuid' : 'text'}) as thread_id from comments where parent_id is null
        union all
        select reply.id, coalesce(threads.thread_id, threads.id) from comments reply join threads on reply.parent_id = threads.id)
      update comments set thread_id = threads.thread_id from threads where threads.id = comments.id`)
    this.schema.raw('create index comments_thread_index on comments (thread_id) where thread_id is not null')
    this.schema.raw(`
      update comments set thread_count = (
        select count(*) from comments reply where reply.thread_id = comments.id and reply.deleted_at is null)`)
    // What a few people wrote on one post, and who is gone.
    this.schema.raw('create index comments_writers_index on comments (post_id, user_id) where deleted_at is null')
    this.schema.raw('create index users_deleted_index on users (id) where deleted_at is not null')
  }

  async down() {
    for (const name of ['users_deleted_index', 'comments_writers_index', 'comments_thread_index'])
      this.schema.raw(`drop index ${name}`)
    dropColumns(this.schema, this.tableName, ['thread_id', 'thread_count'])
  }
}
