import { compose } from '@adonisjs/core/helpers'
import { DateTime } from 'luxon'
import { MuteSchema } from '#database/schema'
import { edge } from '#models/edge'
import { withUuid } from '#providers/portable/index'

export default class Mute extends compose(MuteSchema, withUuid, edge('muterId', 'mutedId')) {
  get isExpired(): boolean {
    return this.expiresAt !== null && this.expiresAt <= DateTime.utc()
  }
}
