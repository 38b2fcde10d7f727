import type { HttpContext } from '@adonisjs/core/http'
import { expectedVersions, versionOf, type Versioned } from '#providers/conditional_requests/index'

/** Says which version of a row the answer shows, so that the next edit can name it in If-Match. */
export function tagVersion({ response }: Pick<HttpContext, 'response'>, row: Versioned) {
  response.header('ETag', `"${versionOf(row)}"`)
}

/** The versions that an edit is meant for; undefined where the sender takes any. */
export function versionsToEdit({ request }: Pick<HttpContext, 'request'>) {
  return expectedVersions(request.header('If-Match'))
}
