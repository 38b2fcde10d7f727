import { compose } from '@adonisjs/core/helpers'
import { BlockSchema } from '#database/schema'
import { edge } from '#models/edge'
import { withUuid } from '#providers/portable/index'

export default class Block extends compose(BlockSchema, withUuid, edge('blockerId', 'blockedId')) {}
