import { compose } from '@adonisjs/core/helpers'
import { FollowSchema } from '#database/schema'
import { withUuid } from '#providers/portable/index'

export default class Follow extends compose(FollowSchema, withUuid) {
  static watched = ['followerId', 'followedId'] as const
}
