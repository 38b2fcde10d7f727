import router from '@adonisjs/core/services/router'
import server from '@adonisjs/core/services/server'
import corsConfig from '#config/cors'

server.errorHandler(() => import('#exceptions/handler'))

// A page of another origin may read that it was turned away, and for how long.
server.use([
  ...(corsConfig.enabled ? [() => import('@adonisjs/cors/cors_middleware')] : []),
  () => import('#middleware/gate_middleware'),
])

router.use([
  () => import('#middleware/address_limit_middleware'),
  () => import('#middleware/conditional_middleware'),
  () => import('#middleware/input_middleware'),
])

export const middleware = router.named({
  anyone: () => import('#middleware/anyone_middleware'),
  auth: () => import('#middleware/auth_middleware'),
  viewer: () => import('#middleware/viewer_middleware'),
  idempotent: () => import('#providers/idempotency/middleware'),
})
