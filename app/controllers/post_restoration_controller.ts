import type { HttpContext } from '@adonisjs/core/http'
import Post from '#models/post'
import { operation } from '#providers/openapi/index'
import { NotFound } from '#exceptions/domain'

export default class PostRestorationController {
  @operation({ summary: 'Take an album out of the trash', answers: { 204: null }, fails: [NotFound] })
  async update({ auth, params, response }: HttpContext) {
    const post = await Post.findRestorable(params.id, auth.user!)
    await post.restore()
    return response.noContent()
  }
}
