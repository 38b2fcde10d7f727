import type {} from '#providers/health/provider'
import type { ApplicationService } from '@adonisjs/core/types'

/** Lets the health of the application know whether its database answers. */
export default class PortableProvider {
  constructor(protected app: ApplicationService) {}

  async boot() {
    const health = await this.app.container.make('health')
    const db = await this.app.container.make('lucid.db')
    health.add('database', () => db.rawQuery('select 1'))
  }
}
