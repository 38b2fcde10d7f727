import router from '@adonisjs/core/services/router'
import server from '@adonisjs/core/services/server'

server.errorHandler(() => import('#exceptions/handler'))

server.use([() => import('#middleware/container_bindings_middleware')])

router.use([
  () => import('#middleware/conditional_middleware'),
  () => import('@adonisjs/core/bodyparser_middleware'),
  () => import('#middleware/initialize_auth_middleware'),
])

export const middleware = router.named({
  auth: () => import('#middleware/auth_middleware'),
  viewer: () => import('#middleware/viewer_middleware'),
})
