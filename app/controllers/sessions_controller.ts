import Type from 'typebox'
import type { HttpContext } from '@adonisjs/core/http'
import Session from '#models/session'
import { sessionSchema, transformSession } from '#transformers/session_transformer'
import { operation } from '#providers/openapi/index'
import { NotFound } from '#exceptions/domain'
import { data } from '#transformers/schema'

export default class SessionsController {
  @operation({ summary: 'List where one is logged in', answers: { 200: data(Type.Array(sessionSchema)) } })
  async index({ auth }: HttpContext) {
    const sessions = await Session.livingOf(auth.user!)
    return { data: sessions.map((session) => transformSession(session, auth.user!)) }
  }

  @operation({ summary: 'Log out elsewhere', answers: { 204: null }, fails: [NotFound] })
  async destroy({ auth, params, response }: HttpContext) {
    const session = await Session.findOwn(params.id, auth.user!)
    await session.delete()
    return response.noContent()
  }
}
