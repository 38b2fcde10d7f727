import type { HttpContext } from '@adonisjs/core/http'
import { Feed } from '#models/feed'
import { operation } from '#providers/openapi/index'
import { pageOf } from '#transformers/page'
import { postSchema, transformPost } from '#transformers/post_transformer'
import { page } from '#transformers/schema'
import { pageValidator } from '#validators/post'

export default class FeedController {
  @operation({
    summary: 'Page through the home feed',
    description: 'The albums of those whom one follows and has not muted, and the own ones, newest first.',
    query: pageValidator,
    answers: { 200: page(postSchema) },
  })
  async index(ctx: HttpContext) {
    const query = await ctx.request.validateUsing(pageValidator)
    const { limit = 20, cursor } = query
    const viewer = ctx.auth.user!
    const { albums, nextCursor } = await Feed.of(viewer, { limit, cursor })
    return pageOf(
      ctx,
      query,
      albums.map((album) => transformPost(album, viewer)),
      nextCursor
    )
  }
}
