import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain'
import { Albums } from '#models/album'
import Post from '#models/post'
import { transformPost } from '#transformers/post_transformer'
import { tagVersion, versionsToEdit } from '#transformers/version'
import { createPostValidator, editPostValidator } from '#validators/post'

export default class PostsController {
  async store(ctx: HttpContext) {
    const { mediaIds, caption = '', visibility = 'public' } = await ctx.request.validateUsing(createPostValidator)
    const { id } = await Post.publish(ctx.auth.user!, { mediaIds, caption, visibility })
    ctx.response.status(201).header('Location', `/v1/posts/${id}`)
    return this.serialize(ctx, id)
  }

  async show(ctx: HttpContext) {
    return this.serialize(ctx, ctx.params.id)
  }

  async update(ctx: HttpContext) {
    const post = await Post.findOwn(ctx.params.id, ctx.auth.user!)
    await post.edit(await ctx.request.validateUsing(editPostValidator), versionsToEdit(ctx))
    return this.serialize(ctx, post.id)
  }

  async destroy({ auth, params, response }: HttpContext) {
    const post = await Post.findOwn(params.id, auth.user!)
    await post.delete()
    return response.noContent()
  }

  private async serialize(ctx: HttpContext, id: string) {
    const viewer = ctx.auth.user ?? null
    const album = await Albums.find(id, viewer)
    if (!album) throw new NotFound()
    tagVersion(ctx, album)
    return { data: transformPost(album, viewer) }
  }
}
