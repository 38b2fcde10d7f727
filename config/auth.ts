import { defineConfig } from '@adonisjs/auth'

import type { Authenticators, InferAuthEvents, InferAuthenticators } from '@adonisjs/auth/types'
import { sessionGuard } from '#providers/sessions/index'

const authConfig = defineConfig({
  default: 'api',
  guards: {
    api: sessionGuard(() => import('#models/session')),
  },
})

export default authConfig

declare module '@adonisjs/auth/types' {
  export interface Authenticators extends InferAuthenticators<typeof authConfig> {}
}
declare module '@adonisjs/core/types' {
  interface EventsList extends InferAuthEvents<Authenticators> {}
}
