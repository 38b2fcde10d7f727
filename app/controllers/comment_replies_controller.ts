import type { HttpContext } from '@adonisjs/core/http'
import { CommentsLocked, NotFound, TooDeep } from '#exceptions/domain'
import Comment from '#models/comment'
import { Threads } from '#models/thread'
import { operation } from '#providers/openapi/index'
import { commentSchema, transformComment } from '#transformers/comment_transformer'
import { pageOf } from '#transformers/page'
import { data, page } from '#transformers/schema'
import { commentValidator } from '#validators/comment'
import { pageValidator } from '#validators/post'

export default class CommentRepliesController {
  @operation({
    summary: 'List what is below a comment, in the order of reading',
    description: 'On all levels: each reply comes after what it answers. Those of a tombstone are listed too.',
    query: pageValidator,
    answers: { 200: page(commentSchema) },
    fails: [NotFound],
  })
  async index({ auth, params, request, response }: HttpContext) {
    const viewer = auth.user ?? null
    const query = await request.validateUsing(pageValidator)
    const { limit = 30, cursor } = query
    const comment = await Comment.findListed(params.id, viewer)
    const { remarks, nextCursor } = await Threads.below(comment.id, viewer, { limit, cursor })
    return pageOf(
      { request, response },
      query,
      remarks.map((remark) => transformComment(remark, viewer)),
      nextCursor
    )
  }

  @operation({
    summary: 'Reply to a comment',
    body: commentValidator,
    answers: { 201: data(commentSchema) },
    fails: [NotFound, CommentsLocked, TooDeep],
  })
  async store(ctx: HttpContext) {
    const viewer = ctx.auth.user!
    const { text } = await ctx.request.validateUsing(commentValidator)
    return ctx.once({
      make: async () => (await Comment.findVisible(ctx.params.id, viewer)).reply(viewer, text),
      keep: ({ id }) => id,
      answer: async (id) => {
        const reply = await Threads.find(id, viewer)
        if (!reply) throw new NotFound()
        ctx.response.status(201).header('Location', `/v1/comments/${id}`)
        return { data: transformComment(reply, viewer) }
      },
    })
  }
}
