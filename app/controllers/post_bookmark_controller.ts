import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain'
import Bookmark from '#models/bookmark'
import Post from '#models/post'
import { operation } from '#providers/openapi/index'

export default class PostBookmarkController {
  @operation({ summary: 'Bookmark an album', answers: { 204: null }, fails: [NotFound] })
  async update({ auth, params, response }: HttpContext) {
    const post = await Post.findVisible(params.id, auth.user!)
    await post.bookmark(auth.user!)
    return response.noContent()
  }

  @operation({
    summary: 'Take a bookmark away',
    description: 'Also of an album that cannot be seen any more.',
    answers: { 204: null },
    fails: [NotFound],
  })
  async destroy({ auth, params, response }: HttpContext) {
    await Bookmark.remove(params.id, auth.user!)
    return response.noContent()
  }
}
