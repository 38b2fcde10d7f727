import type { HttpContext } from '@adonisjs/core/http'
import { appUrl } from '#config/app'

/**
 * The answer with a page of a list. Where the next one is stands in the `Link` header too (RFC 8288).
 *
 * @param query as it was validated: a header has no room for whatever else was asked.
 */
export function pageOf<Item>(
  { request, response }: Pick<HttpContext, 'request' | 'response'>,
  query: object,
  data: Item[],
  nextCursor: string | null
) {
  if (nextCursor) {
    const next = new URLSearchParams(Object.entries({ ...query, cursor: nextCursor }))
    response.header('Link', `<${appUrl}${request.url()}?${next}>; rel="next"`)
  }
  return { data, meta: { nextCursor } }
}
