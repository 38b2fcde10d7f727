import { compose } from '@adonisjs/core/helpers'
import { PostLikeSchema } from '#database/schema'
import { withUuid } from '#providers/portable/index'

export default class PostLike extends compose(PostLikeSchema, withUuid) {
  static watched = ['postId', 'userId'] as const
}
