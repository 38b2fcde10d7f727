import { compose } from '@adonisjs/core/helpers'
import { FollowSchema } from '#database/schema'
import { edge } from '#models/edge'
import { withUuid } from '#providers/portable/index'

export default class Follow extends compose(FollowSchema, withUuid, edge('followerId', 'followedId')) {
  static watched = ['followerId', 'followedId'] as const
}
