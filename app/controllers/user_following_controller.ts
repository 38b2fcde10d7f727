import type { HttpContext } from '@adonisjs/core/http'
import { Circle } from '#models/circle'
import { relationshipsOf } from '#models/relationship'
import User from '#models/user'
import { pageOf } from '#transformers/page'
import { transformUser, userSchema } from '#transformers/user_transformer'
import { pageValidator } from '#validators/post'
import { operation } from '#providers/openapi/index'
import { NotFound } from '#exceptions/domain'
import { page } from '#transformers/schema'

export default class UserFollowingController {
  @operation({
    summary: 'Page through those whom an account follows, the newest first',
    description: 'Empty for those whom a private account did not accept.',
    query: pageValidator,
    answers: { 200: page(userSchema) },
    fails: [NotFound],
  })
  async index(ctx: HttpContext) {
    const query = await ctx.request.validateUsing(pageValidator)
    const { limit = 30, cursor } = query
    const viewer = ctx.auth.user ?? null
    const user = await User.findVisible(ctx.params.username, viewer)
    const { users, nextCursor } = await Circle.followedBy(user, viewer, { limit, cursor })
    const relationships = await relationshipsOf(viewer, users)
    return pageOf(
      ctx,
      query,
      users.map((each) => transformUser(each, viewer, relationships)),
      nextCursor
    )
  }
}
