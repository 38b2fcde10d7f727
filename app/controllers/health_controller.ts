import Type from 'typebox'
import type { HttpContext } from '@adonisjs/core/http'
import { closed } from '#transformers/schema'
import { operation } from '#providers/openapi/index'

export default class HealthController {
  /** The process answers; whether what it needs does too is another question. */
  @operation({ summary: 'Tell whether the process answers', answers: { 200: closed({ status: Type.Literal('ok') }) } })
  live({ response }: HttpContext) {
    return response.json({ status: 'ok' })
  }
}
