import type { HttpContext } from '@adonisjs/core/http'
import Post from '#models/post'

export default class PostLikeController {
  async update({ auth, params, response }: HttpContext) {
    const post = await Post.findVisible(params.id, auth.user!)
    await post.like(auth.user!)
    return response.noContent()
  }

  async destroy({ auth, params, response }: HttpContext) {
    const post = await Post.findVisible(params.id, auth.user!)
    await post.unlike(auth.user!)
    return response.noContent()
  }
}
