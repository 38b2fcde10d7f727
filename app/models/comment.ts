import { compose } from '@adonisjs/core/helpers'
import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import db from '@adonisjs/lucid/services/db'
import { DateTime } from 'luxon'
import { CommentSchema } from '#database/schema'
import CommentLike from '#models/comment_like'
import Post from '#models/post'
import User from '#models/user'
import { seenBy, visibleComment } from '#models/visibility'
import type { Counters } from '#providers/counter_cache/index'
import { uuidv7, withUuid } from '#providers/portable/index'
import { SoftDelete, type SoftDeletes } from '#providers/soft_delete/index'

/** Replies stay when what they answer is deleted: they do not go along with it. */
export default class Comment extends compose(CommentSchema, withUuid, SoftDelete) {
  static watched = ['postId', 'userId', 'parentId', 'text'] as const
  static softDeletes: SoftDeletes = { retention: '30d' }
  static counters: Counters = {
    likesCount: { of: () => CommentLike, by: 'commentId' },
    repliesCount: { of: () => Comment, by: 'parentId' },
  }

  @belongsTo(() => User)
  declare author: BelongsTo<typeof User>

  @belongsTo(() => Post)
  declare post: BelongsTo<typeof Post>

  static visibleTo(viewer: User | null) {
    return this.query().whereRaw(visibleComment('comments'), seenBy(viewer))
  }

  static findVisible(id: string, viewer: User | null) {
    return this.visibleTo(viewer).where('id', id).firstOrFail()
  }

  async like(viewer: User) {
    const row = { id: uuidv7(), comment_id: this.id, user_id: viewer.id, created_at: DateTime.utc().toISO() }
    await db.table(CommentLike.table).insert(row).onConflict(['comment_id', 'user_id']).ignore()
  }

  async unlike(viewer: User) {
    await CommentLike.query().where('commentId', this.id).where('userId', viewer.id).delete()
  }

  async isLikedBy(viewer: User): Promise<boolean> {
    return (await CommentLike.query().where('commentId', this.id).where('userId', viewer.id).first()) !== null
  }
}
