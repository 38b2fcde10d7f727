import app from '@adonisjs/core/services/app'
import type { Health } from './health.js'

let health: Health

/** The health of this application, once it has booted. */
await app.booted(async () => {
  health = await app.container.make('health')
})

export { health as default }
