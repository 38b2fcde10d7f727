import type { HttpContext } from '@adonisjs/core/http'
import { Forbidden, NotFound } from '#exceptions/domain'
import Post from '#models/post'
import { operation } from '#providers/openapi/index'

export default class PostCommentLockController {
  @operation({
    summary: 'Let nobody else comment on an album',
    description: 'What is there stays.',
    answers: { 204: null },
    fails: [NotFound, Forbidden],
  })
  async update({ auth, params, response }: HttpContext) {
    const post = await Post.findOwn(params.id, auth.user!)
    await post.lockComments()
    return response.noContent()
  }

  @operation({
    summary: 'Let others comment on an album again',
    answers: { 204: null },
    fails: [NotFound, Forbidden],
  })
  async destroy({ auth, params, response }: HttpContext) {
    const post = await Post.findOwn(params.id, auth.user!)
    await post.unlockComments()
    return response.noContent()
  }
}
