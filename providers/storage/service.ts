import app from '@adonisjs/core/services/app'
import type { Storage } from './storage.js'

let storage: Storage

/** The storage of this application, once it has booted. */
await app.booted(async () => {
  storage = await app.container.make('storage')
})

export { storage as default }
