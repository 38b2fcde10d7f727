import type { HttpContext } from '@adonisjs/core/http'
import { Albums } from '#models/album'
import { operation } from '#providers/openapi/index'
import { pageOf } from '#transformers/page'
import { postSchema, transformPost } from '#transformers/post_transformer'
import { page } from '#transformers/schema'
import { pageValidator } from '#validators/post'

export default class BookmarksController {
  @operation({
    summary: 'Page through the own bookmarks, newest first',
    description: 'Only the albums that can still be seen.',
    query: pageValidator,
    answers: { 200: page(postSchema) },
  })
  async index({ auth, request, response }: HttpContext) {
    const viewer = auth.user!
    const query = await request.validateUsing(pageValidator)
    const { limit = 30, cursor } = query
    const { albums, nextCursor } = await Albums.bookmarkedBy(viewer, { limit, cursor })
    return pageOf(
      { request, response },
      query,
      albums.map((album) => transformPost(album, viewer)),
      nextCursor
    )
  }
}
