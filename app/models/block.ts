import { compose } from '@adonisjs/core/helpers'
import { BlockSchema } from '#database/schema'
import { withUuid } from '#providers/portable/index'

export default class Block extends compose(BlockSchema, withUuid) {}
