import Type from 'typebox'
import type { HttpContext } from '@adonisjs/core/http'
import { relationshipsOf } from '#models/relationship'
import { Suggestions } from '#models/suggestions'
import { transformUser, userSchema } from '#transformers/user_transformer'
import { suggestionsValidator } from '#validators/relations'
import { operation } from '#providers/openapi/index'
import { data } from '#transformers/schema'

export default class SuggestionsController {
  @operation({
    summary: 'Suggest accounts to follow',
    description: 'Those whom most of the followed accounts follow come first, then those with the most followers.',
    query: suggestionsValidator,
    answers: { 200: data(Type.Array(userSchema)) },
  })
  async index({ auth, request }: HttpContext) {
    const { limit = 20 } = await request.validateUsing(suggestionsValidator)
    const viewer = auth.user!
    const users = await Suggestions.for(viewer, { limit })
    const relationships = await relationshipsOf(viewer, users)
    return { data: users.map((user) => transformUser(user, viewer, relationships)) }
  }
}
