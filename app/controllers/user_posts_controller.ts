import type { HttpContext } from '@adonisjs/core/http'
import { Albums } from '#models/album'
import User from '#models/user'
import { assertOwner } from '#policies/ownership'
import { linkToNext } from '#transformers/page'
import { transformPost } from '#transformers/post_transformer'
import { gridValidator } from '#validators/post'

export default class UserPostsController {
  async index(ctx: HttpContext) {
    const { archived = false, limit = 30, cursor } = await ctx.request.validateUsing(gridValidator)
    const { albums, nextCursor } = await (archived ? this.archive(ctx, limit, cursor) : this.grid(ctx, limit, cursor))
    linkToNext(ctx, nextCursor)
    return { data: albums.map((album) => transformPost(album, ctx.auth.user ?? null)), meta: { nextCursor } }
  }

  private async grid({ auth, params }: HttpContext, limit: number, cursor?: string) {
    const page = await Albums.ofUser(params.username, auth.user ?? null, { limit, cursor })
    if (page.albums.length === 0) await User.findByUsername(params.username)
    return page
  }

  private async archive({ auth, params }: HttpContext, limit: number, cursor?: string) {
    const viewer = await auth.authenticate()
    assertOwner(viewer, await User.findByUsername(params.username))
    return Albums.archivedBy(viewer, { limit, cursor })
  }
}
