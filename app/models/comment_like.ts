import { compose } from '@adonisjs/core/helpers'
import { CommentLikeSchema } from '#database/schema'
import { withUuid } from '#providers/portable/index'

export default class CommentLike extends compose(CommentLikeSchema, withUuid) {
  static watched = ['commentId', 'userId'] as const
}
