import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { ScopeMissing } from '#exceptions/domain'

/** Lets in everyone, and knows who has a token. A token that is not valid is refused: it would silently show less. */
export default class ViewerMiddleware {
  async handle({ auth, request }: HttpContext, next: NextFn) {
    if (request.header('authorization')) {
      const user = await auth.authenticate()
      if (!user.scopes?.includes('read')) throw new ScopeMissing('read')
    }
    return next()
  }
}
