import { BaseSchema } from '@adonisjs/lucid/schema'

export default class extends BaseSchema {
  async up() {
    this.schema.createTable('bookmarks', (table) => {
      table.uuid('id').primary()
      table.uuid('user_id').notNullable().references('users.id').onDelete('CASCADE')
      table.uuid('post_id').notNullable().references('posts.id').onDelete('CASCADE').index()
      table.timestamp('created_at', { useTz: true, precision: 3 }).notNullable()
      table.unique(['user_id', 'post_id'])
      table.index(['user_id', 'id'])
    })
    this.schema.createTable('hashtags', (table) => {
      table.uuid('id').primary()
      table.string('name').notNullable()
      table.string('name_key').notNullable().unique()
      table.timestamp('created_at', { useTz: true, precision: 3 }).notNullable()
    })
    this.schema.createTable('post_hashtags', (table) => {
      table.uuid('id').primary()
      table.uuid('post_id').notNullable().references('posts.id').onDelete('CASCADE')
      table.uuid('hashtag_id').notNullable().references('hashtags.id').onDelete('CASCADE')
      table.unique(['post_id', 'hashtag_id'])
      table.index(['hashtag_id', 'post_id'])
    })
    // Of a caption, or of a comment on the post.
    this.schema.createTable('mentions', (table) => {
      table.uuid('id').primary()
      table.uuid('post_id').notNullable().references('posts.id').onDelete('CASCADE').index()
      table.uuid('comment_id').nullable().references('comments.id').onDelete('CASCADE').index()
      table.uuid('user_id').notNullable().references('users.id').onDelete('CASCADE').index()
      table.timestamp('created_at', { useTz: true, precision: 3 }).notNullable()
    })
  }

  async down() {
    for (const name of ['mentions', 'post_hashtags', 'hashtags', 'bookmarks']) this.schema.dropTable(name)
  }
}
