import type { HttpContext } from '@adonisjs/core/http'
import { CommentsLocked, NotFound } from '#exceptions/domain'
import Post from '#models/post'
import { Threads } from '#models/thread'
import { operation } from '#providers/openapi/index'
import { commentSchema, threadSchema, transformComment, transformThread } from '#transformers/comment_transformer'
import { pageOf } from '#transformers/page'
import { data, page } from '#transformers/schema'
import { commentValidator, threadsValidator } from '#validators/comment'

export default class PostCommentsController {
  @operation({
    summary: 'List the comments on an album, each with its first replies',
    description:
      'The pinned one comes before the first page. A tombstone holds the place of what replies are left below.',
    query: threadsValidator,
    answers: { 200: page(threadSchema) },
    fails: [NotFound],
  })
  async index({ auth, params, request, response }: HttpContext) {
    const viewer = auth.user ?? null
    const query = await request.validateUsing(threadsValidator)
    const { sort = 'newest', limit = 30, cursor } = query
    const post = await Post.findVisible(params.id, viewer)
    const { threads, nextCursor } = await Threads.on(post.id, viewer, { sort, limit, cursor })
    return pageOf(
      { request, response },
      query,
      threads.map((thread) => transformThread(thread, viewer)),
      nextCursor
    )
  }

  @operation({
    summary: 'Comment on an album',
    body: commentValidator,
    answers: { 201: data(commentSchema) },
    fails: [NotFound, CommentsLocked],
  })
  async store(ctx: HttpContext) {
    const viewer = ctx.auth.user!
    const { text } = await ctx.request.validateUsing(commentValidator)
    return ctx.once({
      make: async () => (await Post.findVisible(ctx.params.id, viewer)).comment(viewer, text),
      keep: ({ id }) => id,
      answer: async (id) => {
        const comment = await Threads.find(id, viewer)
        if (!comment) throw new NotFound()
        ctx.response.status(201).header('Location', `/v1/comments/${id}`)
        return { data: transformComment(comment, viewer) }
      },
    })
  }
}
