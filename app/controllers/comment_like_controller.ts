import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain'
import Comment from '#models/comment'
import { operation } from '#providers/openapi/index'

export default class CommentLikeController {
  @operation({ summary: 'Like a comment', answers: { 204: null }, fails: [NotFound] })
  async update({ auth, params, response }: HttpContext) {
    const comment = await Comment.findVisible(params.id, auth.user!)
    await comment.like(auth.user!)
    return response.noContent()
  }

  @operation({ summary: 'Like a comment no more', answers: { 204: null }, fails: [NotFound] })
  async destroy({ auth, params, response }: HttpContext) {
    const comment = await Comment.findVisible(params.id, auth.user!)
    await comment.unlike(auth.user!)
    return response.noContent()
  }
}
