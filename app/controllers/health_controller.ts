import type { HttpContext } from '@adonisjs/core/http'

export default class HealthController {
  /** The process answers; whether what it needs does too is another question. */
  live({ response }: HttpContext) {
    return response.json({ status: 'ok' })
  }
}
