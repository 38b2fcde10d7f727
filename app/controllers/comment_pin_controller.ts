import type { HttpContext } from '@adonisjs/core/http'
import { Forbidden, NotFound, NotPinnable } from '#exceptions/domain'
import Comment from '#models/comment'
import { operation } from '#providers/openapi/index'

export default class CommentPinController {
  @operation({
    summary: 'Show a comment before all others on one’s album',
    description: 'The one that was pinned before goes back to its place.',
    answers: { 204: null },
    fails: [NotFound, Forbidden, NotPinnable],
  })
  async update({ auth, params, response }: HttpContext) {
    const comment = await Comment.findOnOwnPost(params.id, auth.user!)
    await comment.pin()
    return response.noContent()
  }

  @operation({ summary: 'Let a comment go back to its place', answers: { 204: null }, fails: [NotFound, Forbidden] })
  async destroy({ auth, params, response }: HttpContext) {
    const comment = await Comment.findOnOwnPost(params.id, auth.user!)
    await comment.unpin()
    return response.noContent()
  }
}
