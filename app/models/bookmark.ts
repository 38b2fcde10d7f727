import { compose } from '@adonisjs/core/helpers'
import { BookmarkSchema } from '#database/schema'
import { withUuid } from '#providers/portable/index'

export default class Bookmark extends compose(BookmarkSchema, withUuid) {}
