import type { ApplicationService } from '@adonisjs/core/types'
import { Health } from './health.js'

declare module '@adonisjs/core/types' {
  interface ContainerBindings {
    health: Health
  }
}

/** Binds `health`, to which other providers add their checks when they boot. Nothing is well from the signal to end on. */
export default class HealthProvider {
  constructor(protected app: ApplicationService) {}

  register() {
    this.app.container.singleton('health', async (resolver) => {
      return new Health({ isEnding: () => this.app.isTerminating, logger: await resolver.make('logger') })
    })
  }
}
