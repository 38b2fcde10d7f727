import type { HttpContext } from '@adonisjs/core/http'
import { appUrl } from '#config/app'

/** Tells where the next page is, in the `Link` header too (RFC 8288). */
export function linkToNext({ request, response }: Pick<HttpContext, 'request' | 'response'>, cursor: string | null) {
  if (!cursor) return
  const query = new URLSearchParams({ ...(request.qs() as Record<string, string>), cursor })
  response.header('Link', `<${appUrl}${request.url()}?${query}>; rel="next"`)
}
