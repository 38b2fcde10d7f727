import type { HttpContext } from '@adonisjs/core/http'
import Post from '#models/post'

export default class PostArchiveController {
  async update({ auth, params, response }: HttpContext) {
    const post = await Post.findOwn(params.id, auth.user!)
    await post.archive()
    return response.noContent()
  }

  async destroy({ auth, params, response }: HttpContext) {
    const post = await Post.findOwn(params.id, auth.user!)
    await post.unarchive()
    return response.noContent()
  }
}
