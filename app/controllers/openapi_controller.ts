import type { HttpContext } from '@adonisjs/core/http'
import { operation } from '#providers/openapi/index'

export default class OpenapiController {
  @operation({ summary: 'Describe the API', answers: { 200: { type: 'application/json' } } })
  async show({ containerResolver }: HttpContext) {
    return (await containerResolver.make('openApi')).document()
  }
}
