import type { HttpContext } from '@adonisjs/core/http'
import Post from '#models/post'
import { operation } from '#providers/openapi/index'
import { Archived, Forbidden, NotFound, TooManyPins } from '#exceptions/domain'

export default class PostPinController {
  @operation({
    summary: 'Keep an album on top of the grid',
    description: 'Three at most, and none that is hidden: hiding an album takes its pin away.',
    answers: { 204: null },
    fails: [NotFound, Forbidden, Archived, TooManyPins],
  })
  async update({ auth, params, response }: HttpContext) {
    const post = await Post.findOwn(params.id, auth.user!)
    await post.pin()
    return response.noContent()
  }

  @operation({ summary: 'Let an album go where its time is', answers: { 204: null }, fails: [NotFound, Forbidden] })
  async destroy({ auth, params, response }: HttpContext) {
    const post = await Post.findOwn(params.id, auth.user!)
    await post.unpin()
    return response.noContent()
  }
}
