import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { ScopeMissing } from '#exceptions/domain'
import type { Scope } from '#models/scope'

/** Lets in who has a valid token that is good for this; the others get 401 or 403, before their body is read. */
export default class AuthMiddleware {
  async handle({ auth }: HttpContext, next: NextFn, { scope }: { scope: Scope }) {
    const user = await auth.authenticate()
    if (!user.scopes?.includes(scope)) throw new ScopeMissing(scope)
    return next()
  }
}
