import type { HttpContext } from '@adonisjs/core/http'
import { Unauthorized } from '#exceptions/failures'
import { Albums } from '#models/album'
import User from '#models/user'
import { assertOwner } from '#policies/ownership'
import { pageOf } from '#transformers/page'
import { postSchema, transformPost } from '#transformers/post_transformer'
import { gridValidator } from '#validators/post'
import { operation } from '#providers/openapi/index'
import { Forbidden, NotFound } from '#exceptions/domain'
import { page } from '#transformers/schema'

export default class UserPostsController {
  @operation({
    summary: 'Page through the grid of an account',
    description:
      'The pinned albums come before the first page, in addition to it. `archived=true` shows its owner the hidden ones.',
    query: gridValidator,
    answers: { 200: page(postSchema) },
    fails: [NotFound, Forbidden, Unauthorized],
  })
  async index(ctx: HttpContext) {
    const query = await ctx.request.validateUsing(gridValidator)
    const { archived = false, limit = 30, cursor } = query
    const { albums, nextCursor } = await (archived ? this.archive(ctx, limit, cursor) : this.grid(ctx, limit, cursor))
    return pageOf(
      ctx,
      query,
      albums.map((album) => transformPost(album, ctx.auth.user ?? null)),
      nextCursor
    )
  }

  private async grid({ auth, params }: HttpContext, limit: number, cursor?: string) {
    const page = await Albums.ofUser(params.username, auth.user ?? null, { limit, cursor })
    if (page.albums.length === 0) await User.findVisible(params.username, auth.user ?? null)
    return page
  }

  private async archive({ auth, params }: HttpContext, limit: number, cursor?: string) {
    const viewer = await auth.authenticate()
    assertOwner(viewer, await User.findVisible(params.username, viewer))
    return Albums.archivedBy(viewer, { limit, cursor })
  }
}
