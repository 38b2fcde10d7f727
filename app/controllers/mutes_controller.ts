import type { HttpContext } from '@adonisjs/core/http'
import { Circle } from '#models/circle'
import { relationshipsOf } from '#models/relationship'
import { pageOf } from '#transformers/page'
import { muteSchema, transformMute } from '#transformers/user_transformer'
import { pageValidator } from '#validators/post'
import { operation } from '#providers/openapi/index'
import { page } from '#transformers/schema'

export default class MutesController {
  @operation({
    summary: 'Page through the muted accounts, the newest first',
    query: pageValidator,
    answers: { 200: page(muteSchema) },
  })
  async index(ctx: HttpContext) {
    const query = await ctx.request.validateUsing(pageValidator)
    const { limit = 30, cursor } = query
    const viewer = ctx.auth.user!
    const { neighbours, users, nextCursor } = await Circle.mutedBy(viewer, { limit, cursor })
    const relationships = await relationshipsOf(viewer, users)
    return pageOf(
      ctx,
      query,
      neighbours.map((each) => transformMute(each, viewer, relationships)),
      nextCursor
    )
  }
}
