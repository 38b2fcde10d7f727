import type { HttpContext } from '@adonisjs/core/http'
import { Circle } from '#models/circle'
import { relationshipsOf } from '#models/relationship'
import { pageOf } from '#transformers/page'
import { transformUser, userSchema } from '#transformers/user_transformer'
import { pageValidator } from '#validators/post'
import { operation } from '#providers/openapi/index'
import { page } from '#transformers/schema'

export default class BlocksController {
  @operation({
    summary: 'Page through the blocked accounts, the newest first',
    query: pageValidator,
    answers: { 200: page(userSchema) },
  })
  async index(ctx: HttpContext) {
    const query = await ctx.request.validateUsing(pageValidator)
    const { limit = 30, cursor } = query
    const viewer = ctx.auth.user!
    const { users, nextCursor } = await Circle.blockedBy(viewer, { limit, cursor })
    const relationships = await relationshipsOf(viewer, users)
    return pageOf(
      ctx,
      query,
      users.map((user) => transformUser(user, viewer, relationships)),
      nextCursor
    )
  }
}
