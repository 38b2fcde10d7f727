import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'

/** Lets in everyone, and looks at no token: what a route says that needs none. */
export default class AnyoneMiddleware {
  handle(_: HttpContext, next: NextFn) {
    return next()
  }
}
