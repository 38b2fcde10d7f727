import { compose } from '@adonisjs/core/helpers'
import { MuteSchema } from '#database/schema'
import { withUuid } from '#providers/portable/index'

export default class Mute extends compose(MuteSchema, withUuid) {}
