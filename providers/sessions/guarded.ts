import { Exception } from '@adonisjs/core/exceptions'

/** Thrown at boot for routes that do not say who may use them; the message names each. */
export class E_UNGUARDED_ROUTE extends Exception {
  static status = 500
  static code = 'E_UNGUARDED_ROUTE'
}

interface Route {
  pattern: string
  methods: string[]
  middleware: { all(): Iterable<unknown> }
}

/**
 * Refuses routes that name none of these middlewares, so that nobody forgets to say what a route needs.
 *
 * @param routes as `router.toJSON()` gives them.
 * @param guards the names of the middlewares that decide who may use a route.
 * @throws E_UNGUARDED_ROUTE naming each route.
 */
export function assertGuarded(routes: Route[], guards: string[]) {
  const bare = routes.filter(({ middleware }) => {
    return ![...middleware.all()].some((each) => guards.includes((each as { name: string }).name))
  })
  if (bare.length === 0) return
  const names = bare.map(({ methods, pattern }) => `${methods.join('|')} ${pattern}`)
  throw new E_UNGUARDED_ROUTE(`Say with ${guards.join(', ')} who may use ${names.join(', ')}.`)
}
