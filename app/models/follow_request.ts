import { compose } from '@adonisjs/core/helpers'
import { FollowRequestSchema } from '#database/schema'
import { withUuid } from '#providers/portable/index'

export default class FollowRequest extends compose(FollowRequestSchema, withUuid) {}
