import type { HttpContext } from '@adonisjs/core/http'
import { StorageUnavailable } from '#exceptions/failures'
import Post from '#models/post'
import { operation } from '#providers/openapi/index'
import { ChangedMeanwhile, Forbidden, NotFound } from '#exceptions/domain'

export default class PostArchiveController {
  @operation({
    summary: 'Hide an album from all but its author',
    answers: { 204: null },
    fails: [NotFound, Forbidden, ChangedMeanwhile, StorageUnavailable],
  })
  async update({ auth, params, response }: HttpContext) {
    const post = await Post.findOwn(params.id, auth.user!)
    await post.archive()
    return response.noContent()
  }

  @operation({ summary: 'Show a hidden album again', answers: { 204: null }, fails: [NotFound, Forbidden] })
  async destroy({ auth, params, response }: HttpContext) {
    const post = await Post.findOwn(params.id, auth.user!)
    await post.unarchive()
    return response.noContent()
  }
}
