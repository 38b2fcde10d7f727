import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain'
import Comment from '#models/comment'
import { operation } from '#providers/openapi/index'

export default class CommentRestorationController {
  @operation({
    summary: 'Take a comment back that one removed',
    description: 'It stands again where it stood.',
    answers: { 204: null },
    fails: [NotFound],
  })
  async update({ auth, params, response }: HttpContext) {
    const comment = await Comment.findRestorable(params.id, auth.user!)
    await comment.restore()
    return response.noContent()
  }
}
