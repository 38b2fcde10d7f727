import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain'
import { Circle } from '#models/circle'
import Post from '#models/post'
import { relationshipsOf } from '#models/relationship'
import { operation } from '#providers/openapi/index'
import { pageOf } from '#transformers/page'
import { page } from '#transformers/schema'
import { transformUser, userSchema } from '#transformers/user_transformer'
import { pageValidator } from '#validators/post'

export default class PostLikesController {
  @operation({
    summary: 'List who likes an album, newest first',
    query: pageValidator,
    answers: { 200: page(userSchema) },
    fails: [NotFound],
  })
  async index({ auth, params, request, response }: HttpContext) {
    const viewer = auth.user ?? null
    const query = await request.validateUsing(pageValidator)
    const { limit = 30, cursor } = query
    const post = await Post.findVisible(params.id, viewer)
    const { users, nextCursor } = await Circle.likersOf(post, viewer, { limit, cursor })
    const relationships = await relationshipsOf(viewer, users)
    return pageOf(
      { request, response },
      query,
      users.map((user) => transformUser(user, viewer, relationships)),
      nextCursor
    )
  }
}
