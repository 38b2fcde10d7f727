import { ExceptionHandler, type HttpContext } from '@adonisjs/core/http'
import { problemOf } from '#exceptions/problem'
import { lingeringClose } from '#providers/media/index'

export default class HttpExceptionHandler extends ExceptionHandler {
  async handle(error: any, { request, response }: HttpContext) {
    const problem = problemOf(error)
    if (problem.status === 401) response.header('WWW-Authenticate', 'Bearer')
    if (problem.status === 409 && error.retryAfter) response.header('Retry-After', String(error.retryAfter))
    if (problem.status === 503) response.header('Retry-After', String(error.retryAfter ?? 5))
    if (problem.status === 429) {
      response.header('Retry-After', String(error.retryAfter ?? error.response?.availableIn ?? 60))
    }
    response.status(problem.status).header('Content-Type', 'application/problem+json; charset=utf-8')
    lingeringClose(request.request, response.response)
    response.send(JSON.stringify(problem))
  }

  async report(error: any, { logger, request }: HttpContext) {
    const { status } = problemOf(error)
    if (status < 500) return
    const level = status === 500 ? 'error' : 'warn'
    logger[level]({ err: error, method: request.method(), path: request.url() }, error?.message)
  }
}
