import type { HttpContext } from '@adonisjs/core/http'
import Post from '#models/post'
import { operation } from '#providers/openapi/index'
import { NotFound } from '#exceptions/domain'

export default class PostLikeController {
  @operation({ summary: 'Like an album', answers: { 204: null }, fails: [NotFound] })
  async update({ auth, params, response }: HttpContext) {
    const post = await Post.findVisible(params.id, auth.user!)
    await post.like(auth.user!)
    return response.noContent()
  }

  @operation({ summary: 'Like an album no more', answers: { 204: null }, fails: [NotFound] })
  async destroy({ auth, params, response }: HttpContext) {
    const post = await Post.findVisible(params.id, auth.user!)
    await post.unlike(auth.user!)
    return response.noContent()
  }
}
