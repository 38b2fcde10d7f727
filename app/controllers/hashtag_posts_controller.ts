import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain'
import { Albums } from '#models/album'
import Hashtag from '#models/hashtag'
import { operation } from '#providers/openapi/index'
import { pageOf } from '#transformers/page'
import { postSchema, transformPost } from '#transformers/post_transformer'
import { page } from '#transformers/schema'
import { pageValidator } from '#validators/post'

export default class HashtagPostsController {
  @operation({
    summary: 'Page through the albums with a hashtag, newest first',
    query: pageValidator,
    answers: { 200: page(postSchema) },
    fails: [NotFound],
  })
  async index({ auth, params, request, response }: HttpContext) {
    const viewer = auth.user ?? null
    const query = await request.validateUsing(pageValidator)
    const { limit = 30, cursor } = query
    const { albums, nextCursor } = await Albums.withHashtag(params.name, viewer, { limit, cursor })
    if (albums.length === 0) await Hashtag.findVisible(params.name, viewer)
    return pageOf(
      { request, response },
      query,
      albums.map((album) => transformPost(album, viewer)),
      nextCursor
    )
  }
}
