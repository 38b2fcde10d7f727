import app from '@adonisjs/core/services/app'
import router from '@adonisjs/core/services/router'
import { assertGuarded } from '#providers/sessions/index'

/** A route that does not say who may use it ends the boot. */
app.ready(() => {
  if (app.getEnvironment() === 'web') assertGuarded(router.toJSON().root ?? [], ['anyone', 'viewer', 'auth'])
})
