import { ExceptionHandler, type HttpContext } from '@adonisjs/core/http'
import router from '@adonisjs/core/services/router'
import { MethodNotAllowed } from '#exceptions/domain'
import { problemOf } from '#exceptions/problem'
import { standingHeaders } from '#middleware/usage'
import { lingeringClose } from '#providers/media/index'

export default class HttpExceptionHandler extends ExceptionHandler {
  async handle(error: any, { request, response }: HttpContext) {
    error = otherMethods(error, request) ?? error
    const problem = problemOf(error)
    if (error instanceof MethodNotAllowed) response.header('Allow', error.allowed.join(', '))
    if (problem.status === 500) problem.requestId = request.id()
    if (problem.status === 401) response.header('WWW-Authenticate', 'Bearer')
    if (problem.status === 409 && error.retryAfter) response.header('Retry-After', String(error.retryAfter))
    if (problem.status === 503) response.header('Retry-After', String(error.retryAfter ?? 5))
    if (problem.status === 429) this.showLimit(error, response)
    response.status(problem.status).header('Content-Type', 'application/problem+json; charset=utf-8')
    lingeringClose(request.request, response.response)
    response.send(JSON.stringify(problem))
  }

  async report(error: any, { logger, request }: HttpContext) {
    const { status, code } = problemOf(error)
    if (status < 500) return
    // What is turned away in an overload must not be more work than what is done.
    const level = status === 500 ? 'error' : code === 'E_BUSY' ? 'debug' : 'warn'
    logger[level](
      { err: error, requestId: request.id(), method: request.method(), path: request.url() },
      error?.message
    )
  }

  private showLimit({ response: standing, retryAfter }: any, response: HttpContext['response']) {
    if (!standing) return void response.header('Retry-After', String(retryAfter ?? 60))
    const headers = standingHeaders(standing)
    for (const [name, value] of Object.entries(headers)) response.header(name, value)
    response.header('Retry-After', headers['RateLimit-Reset'])
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** The address may be right and the method wrong, which the router does not tell apart. */
function otherMethods(error: any, request: HttpContext['request']) {
  if (error?.code !== 'E_ROUTE_NOT_FOUND') return null
  const allowed = METHODS.filter((method) => router.match(request.url(), method, false))
  return allowed.length > 0 ? new MethodNotAllowed(allowed) : null
}
