import type { HttpContext } from '@adonisjs/core/http'
import Type from 'typebox'
import health from '#providers/health/service'
import { operation } from '#providers/openapi/index'
import { notReadySchema, readySchema, transformNotReady, transformReady } from '#transformers/health_transformer'
import { closed } from '#transformers/schema'

export default class HealthController {
  /** The process answers; whether what it needs does too is another question. */
  @operation({ summary: 'Tell whether the process answers', answers: { 200: closed({ status: Type.Literal('ok') }) } })
  live({ response }: HttpContext) {
    return response.header('Cache-Control', 'no-store').json({ status: 'ok' })
  }

  /** Whether to send requests here. */
  @operation({
    summary: 'Tell whether requests are welcome',
    answers: { 200: readySchema, 503: { type: 'application/problem+json', schema: notReadySchema } },
  })
  async ready({ response }: HttpContext) {
    const report = await health.report()
    response.header('Cache-Control', 'no-store')
    if (report.ok) return response.json(transformReady(report))
    response.status(503).header('Retry-After', '1').header('Content-Type', 'application/problem+json; charset=utf-8')
    return response.send(JSON.stringify(transformNotReady(report)))
  }
}
