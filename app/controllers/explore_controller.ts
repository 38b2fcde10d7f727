import type { HttpContext } from '@adonisjs/core/http'
import { Explore } from '#models/explore'
import { operation } from '#providers/openapi/index'
import { pageOf } from '#transformers/page'
import { postSchema, transformPost } from '#transformers/post_transformer'
import { page } from '#transformers/schema'
import { pageValidator } from '#validators/post'

export default class ExploreController {
  @operation({
    summary: 'Discover albums',
    description: 'What many like at the moment, of many authors; nothing of those whom one has muted or blocked.',
    query: pageValidator,
    answers: { 200: page(postSchema) },
  })
  async index(ctx: HttpContext) {
    const query = await ctx.request.validateUsing(pageValidator)
    const { limit = 30, cursor } = query
    const viewer = ctx.auth.user ?? null
    const { albums, nextCursor } = await Explore.for(viewer, { limit, cursor })
    return pageOf(
      ctx,
      query,
      albums.map((album) => transformPost(album, viewer)),
      nextCursor
    )
  }
}
