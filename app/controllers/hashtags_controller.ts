import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain'
import Hashtag from '#models/hashtag'
import { operation } from '#providers/openapi/index'
import { hashtagSchema, transformHashtag } from '#transformers/hashtag_transformer'
import { data } from '#transformers/schema'

export default class HashtagsController {
  @operation({
    summary: 'Show a hashtag',
    description: 'By its name without the sign, in any case. One whose albums the viewer may not see is not there.',
    answers: { 200: data(hashtagSchema) },
    fails: [NotFound],
  })
  async show({ auth, params }: HttpContext) {
    const hashtag = await Hashtag.findVisible(params.name, auth.user ?? null)
    return { data: transformHashtag(hashtag) }
  }
}
