import type { HttpContext } from '@adonisjs/core/http'
import { Circle } from '#models/circle'
import FollowRequest from '#models/follow_request'
import { relationshipsOf } from '#models/relationship'
import { pageOf } from '#transformers/page'
import { followRequestSchema, transformFollowRequest } from '#transformers/user_transformer'
import { followRequestsValidator } from '#validators/relations'
import { operation } from '#providers/openapi/index'
import { NotFound } from '#exceptions/domain'
import { page } from '#transformers/schema'

export default class FollowRequestsController {
  @operation({
    summary: 'Page through the follow requests, the newest first',
    description: 'Those that came in, with who asks; with `direction=outgoing` the own ones, with who was asked.',
    query: followRequestsValidator,
    answers: { 200: page(followRequestSchema) },
  })
  async index(ctx: HttpContext) {
    const query = await ctx.request.validateUsing(followRequestsValidator)
    const { direction = 'incoming', limit = 30, cursor } = query
    const viewer = ctx.auth.user!
    const { neighbours, users, nextCursor } = await Circle.requestsOf(viewer, direction, { limit, cursor })
    const relationships = await relationshipsOf(viewer, users)
    return pageOf(
      ctx,
      query,
      neighbours.map((each) => transformFollowRequest(each, viewer, relationships)),
      nextCursor
    )
  }

  @operation({
    summary: 'Accept a follow request',
    description: 'It is over then: to accept it again finds nothing.',
    answers: { 204: null },
    fails: [NotFound],
  })
  async update({ auth, params, response }: HttpContext) {
    const request = await FollowRequest.findIncoming(params.id, auth.user!)
    await request.accept()
    return response.noContent()
  }

  @operation({ summary: 'Refuse a follow request, or withdraw the own', answers: { 204: null }, fails: [NotFound] })
  async destroy({ auth, params, response }: HttpContext) {
    const request = await FollowRequest.findOfEither(params.id, auth.user!)
    await request.drop()
    return response.noContent()
  }
}
