import type { HttpContext } from '@adonisjs/core/http'
import health from '#providers/health/service'
import { transformHealth } from '#transformers/health_transformer'

export default class HealthController {
  /** The process answers; whether what it needs does too is another question. */
  live({ response }: HttpContext) {
    return response.json({ status: 'ok' })
  }

  /** Whether to send requests here. */
  async ready({ response }: HttpContext) {
    const report = await health.report()
    response.header('Cache-Control', 'no-store')
    if (report.ok) return response.json(transformHealth(report))
    response.status(503).header('Retry-After', '1').header('Content-Type', 'application/problem+json; charset=utf-8')
    return response.send(JSON.stringify(transformHealth(report)))
  }
}
