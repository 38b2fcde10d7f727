import type { HttpContext } from '@adonisjs/core/http'
import { Forbidden, NotFound } from '#exceptions/domain'
import Comment from '#models/comment'
import { Threads } from '#models/thread'
import { operation } from '#providers/openapi/index'
import { commentSchema, transformComment } from '#transformers/comment_transformer'
import { data } from '#transformers/schema'
import { commentValidator } from '#validators/comment'

export default class CommentsController {
  @operation({ summary: 'Show a comment', answers: { 200: data(commentSchema) }, fails: [NotFound] })
  async show(ctx: HttpContext) {
    return this.serialize(ctx, ctx.params.id)
  }

  @operation({
    summary: 'Edit a comment of one’s own',
    body: commentValidator,
    answers: { 200: data(commentSchema) },
    fails: [NotFound, Forbidden],
  })
  async update(ctx: HttpContext) {
    const comment = await Comment.findOwn(ctx.params.id, ctx.auth.user!)
    await comment.edit(await ctx.request.validateUsing(commentValidator))
    return this.serialize(ctx, comment.id)
  }

  @operation({
    summary: 'Remove a comment',
    description:
      'One’s own, or one on one’s own album. Its replies stay, below a tombstone. Who removed it can restore it for 30 days.',
    answers: { 204: null },
    fails: [NotFound, Forbidden],
  })
  async destroy({ auth, params, response }: HttpContext) {
    const comment = await Comment.findRemovable(params.id, auth.user!)
    await comment.remove(auth.user!)
    return response.noContent()
  }

  private async serialize({ auth }: HttpContext, id: string) {
    const viewer = auth.user ?? null
    const comment = await Threads.find(id, viewer)
    if (!comment) throw new NotFound()
    return { data: transformComment(comment, viewer) }
  }
}
