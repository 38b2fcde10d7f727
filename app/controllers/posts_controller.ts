import type { HttpContext } from '@adonisjs/core/http'
import { ChangedMeanwhile, Forbidden, NotFound } from '#exceptions/domain'
import { Stale, StorageUnavailable } from '#exceptions/failures'
import { Albums } from '#models/album'
import Post from '#models/post'
import { postSchema, transformPost } from '#transformers/post_transformer'
import { tagVersion, versionsToEdit } from '#transformers/version'
import { createPostValidator, editPostValidator } from '#validators/post'
import { operation } from '#providers/openapi/index'
import { data } from '#transformers/schema'

export default class PostsController {
  @operation({
    summary: 'Publish an album',
    body: createPostValidator,
    answers: { 201: data(postSchema) },
    fails: [ChangedMeanwhile],
  })
  async store(ctx: HttpContext) {
    const { mediaIds, caption = '', visibility = 'public' } = await ctx.request.validateUsing(createPostValidator)
    return ctx.once({
      make: () => Post.publish(ctx.auth.user!, { mediaIds, caption, visibility }),
      keep: ({ id }) => id,
      answer: (id) => {
        ctx.response.status(201).header('Location', `/v1/posts/${id}`)
        return this.serialize(ctx, id)
      },
    })
  }

  @operation({ summary: 'Show an album', answers: { 200: data(postSchema) }, fails: [NotFound] })
  async show(ctx: HttpContext) {
    return this.serialize(ctx, ctx.params.id)
  }

  @operation({
    summary: 'Edit an album',
    description: 'What stops being public gets new addresses for its files.',
    body: editPostValidator,
    answers: { 200: data(postSchema) },
    fails: [NotFound, Forbidden, ChangedMeanwhile, Stale, StorageUnavailable],
  })
  async update(ctx: HttpContext) {
    const post = await Post.findOwn(ctx.params.id, ctx.auth.user!)
    await post.edit(await ctx.request.validateUsing(editPostValidator), versionsToEdit(ctx))
    return this.serialize(ctx, post.id)
  }

  @operation({
    summary: 'Move an album to the trash',
    description: 'It can be restored for 30 days.',
    answers: { 204: null },
    fails: [NotFound, Forbidden, Stale],
  })
  async destroy(ctx: HttpContext) {
    const post = await Post.findOwn(ctx.params.id, ctx.auth.user!)
    await post.deleteAt(versionsToEdit(ctx))
    return ctx.response.noContent()
  }

  private async serialize(ctx: HttpContext, id: string) {
    const viewer = ctx.auth.user ?? null
    const album = await Albums.find(id, viewer)
    if (!album) throw new NotFound()
    tagVersion(ctx, album)
    return { data: transformPost(album, viewer) }
  }
}
