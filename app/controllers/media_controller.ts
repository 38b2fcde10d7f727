import type { HttpContext } from '@adonisjs/core/http'
import { BrokenPicture, Stale, StorageUnavailable, uploadFailures } from '#exceptions/failures'
import { ChangedMeanwhile, MediumInUse, NotFound } from '#exceptions/domain'
import Media from '#models/media'
import media from '#providers/media/service'
import { ownMediumSchema, transformOwnMedium } from '#transformers/media_transformer'
import { tagVersion, versionsToEdit } from '#transformers/version'
import { editMediumValidator, uploadValidator } from '#validators/media'
import { operation } from '#providers/openapi/index'
import { data } from '#transformers/schema'

/** The upload of a photograph, and what its owner does with it until a post shows it. */
export default class MediaController {
  @operation({
    summary: 'Upload a photograph',
    form: uploadValidator,
    answers: { 201: data(ownMediumSchema) },
    fails: uploadFailures,
  })
  async store(ctx: HttpContext) {
    const { auth, request, response } = ctx
    return media.admit(() =>
      media.receive(request.request, response.response, async (upload) => {
        const { altText, focalPoint } = await request.validateUsing(uploadValidator, { data: upload.fields })
        const picture = () => media.picture(upload.path, { focalPoint })
        return ctx.once({
          upload,
          make: async () => Media.upload(auth.user!, await picture(), { altText, focalPoint }),
          keep: ({ id }) => id,
          answer: async (id) => {
            response.status(201).header('Location', `/v1/media/${id}`)
            return this.serialize(ctx, await Media.findOwn(id, auth.user!))
          },
        })
      })
    )
  }

  @operation({ summary: 'Show an own photograph', answers: { 200: data(ownMediumSchema) }, fails: [NotFound] })
  async show(ctx: HttpContext) {
    return this.serialize(ctx, await Media.findOwn(ctx.params.id, ctx.auth.user!))
  }

  @operation({
    summary: 'Describe an own photograph',
    body: editMediumValidator,
    answers: { 200: data(ownMediumSchema) },
    fails: [NotFound, ChangedMeanwhile, Stale, BrokenPicture, StorageUnavailable],
  })
  async update(ctx: HttpContext) {
    const medium = await Media.findOwn(ctx.params.id, ctx.auth.user!)
    const details = await ctx.request.validateUsing(editMediumValidator)
    const describe = () => medium.describe(details, versionsToEdit(ctx))
    await (details.focalPoint ? media.admit(describe) : describe())
    return this.serialize(ctx, medium)
  }

  @operation({
    summary: 'Move an own photograph to the trash',
    answers: { 204: null },
    fails: [NotFound, MediumInUse, Stale],
  })
  async destroy(ctx: HttpContext) {
    const medium = await Media.findOwn(ctx.params.id, ctx.auth.user!)
    await medium.deleteIfFree(versionsToEdit(ctx))
    return ctx.response.noContent()
  }

  private async serialize(ctx: HttpContext, medium: Media) {
    tagVersion(ctx, medium)
    return { data: transformOwnMedium(medium, { isPublic: await medium.isPublic() }) }
  }
}
