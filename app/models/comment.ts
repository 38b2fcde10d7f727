import { compose } from '@adonisjs/core/helpers'
import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { CommentSchema } from '#database/schema'
import CommentLike from '#models/comment_like'
import Post from '#models/post'
import User from '#models/user'
import type { Counters } from '#providers/counter_cache/index'
import { withUuid } from '#providers/portable/index'
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
}
