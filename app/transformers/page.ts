import type { HttpContext } from '@adonisjs/core/http'
import { appUrl } from '#config/app'

/** The answer with a page of a list. Where the next one is stands in the `Link` header too (RFC 8288). */
export function pageOf<Item>(
  { request, response }: Pick<HttpContext, 'request' | 'response'>,
  data: Item[],
  nextCursor: string | null
) {
  if (nextCursor) {
    const query = new URLSearchParams({ ...(request.qs() as Record<string, string>), cursor: nextCursor })
    response.header('Link', `<${appUrl}${request.url()}?${query}>; rel="next"`)
  }
  return { data, meta: { nextCursor } }
}
