import type { HttpContext } from '@adonisjs/core/http'
import Post from '#models/post'

export default class PostRestorationController {
  async update({ auth, params, response }: HttpContext) {
    const post = await Post.findRestorable(params.id, auth.user!)
    await post.restore()
    return response.noContent()
  }
}
