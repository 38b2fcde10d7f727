import type { ApplicationService } from '@adonisjs/core/types'
import { guardCommits } from './guard.js'

/** Guards the commits of all connections, from the boot on. */
export default class CommitGuardProvider {
  constructor(protected app: ApplicationService) {}

  async boot() {
    const db = await this.app.container.make('lucid.db')
    guardCommits(db.connection())
  }
}
