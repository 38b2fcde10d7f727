import { compose } from '@adonisjs/core/helpers'
import { BookmarkSchema } from '#database/schema'
import type User from '#models/user'
import { withUuid } from '#providers/portable/index'

export default class Bookmark extends compose(BookmarkSchema, withUuid) {
  /** Also of a post that the viewer does not see any more. */
  static async remove(postId: string, viewer: User) {
    await this.query().where('postId', postId).where('userId', viewer.id).delete()
  }
}
