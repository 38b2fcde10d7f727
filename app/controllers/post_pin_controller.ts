import type { HttpContext } from '@adonisjs/core/http'
import Post from '#models/post'

export default class PostPinController {
  async update({ auth, params, response }: HttpContext) {
    const post = await Post.findOwn(params.id, auth.user!)
    await post.pin()
    return response.noContent()
  }

  async destroy({ auth, params, response }: HttpContext) {
    const post = await Post.findOwn(params.id, auth.user!)
    await post.unpin()
    return response.noContent()
  }
}
