import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { entityTag, isKnown } from '#providers/conditional_requests/index'

/** Gives each JSON answer to a GET that may be kept its ETag, and leaves out the body that the client has already. */
export default class ConditionalMiddleware {
  async handle({ request, response }: HttpContext, next: NextFn) {
    await next()
    if (response.getHeader('Cache-Control') === 'no-store') return
    const body = response.getBody()
    const isRead = ['GET', 'HEAD'].includes(request.method())
    const version = response.getHeader('ETag') as string | undefined
    if (typeof body !== 'object' || body === null || !(isRead ? response.getStatus() === 200 : version)) return

    const text = JSON.stringify(body)
    const etag = entityTag(text, version?.slice(1, -1))
    response.header('ETag', etag).append('Vary', 'Authorization')
    response.safeHeader('Cache-Control', 'private, no-cache')
    const known = request.header('If-None-Match')
    if (isRead && known && isKnown(known, etag)) return response.status(304).send(null)
    response.safeHeader('Content-Type', 'application/json; charset=utf-8').send(text)
  }
}
