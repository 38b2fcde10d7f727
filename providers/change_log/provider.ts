import type { ApplicationService } from '@adonisjs/core/types'
import { keepAroundMigrations } from '#providers/triggers/index'
import { ChangeLog } from './change_log.js'
import type { ChangeLogConfig } from './define_config.js'

declare module '@adonisjs/core/types' {
  interface ContainerBindings {
    changeLog: ChangeLog
  }
}

/**
 * Binds `changeLog`, made from `config/change_log.ts`, and keeps its triggers around migrations. A server checks them
 * before it listens, and relays the log unless told not to.
 */
export default class ChangeLogProvider {
  #release = () => {}

  constructor(protected app: ApplicationService) {}

  register() {
    this.app.container.singleton('changeLog', async () => {
      const config = this.app.config.get<ChangeLogConfig>('change_log')
      return new ChangeLog(await this.app.container.make('lucid.db'), config, await this.app.container.make('logger'))
    })
  }

  boot() {
    this.#release = keepAroundMigrations(() => this.app.container.make('changeLog'))
  }

  async start() {
    if (this.#isServer) await (await this.app.container.make('changeLog')).check()
  }

  async ready() {
    const { relayInServer = true } = this.app.config.get<ChangeLogConfig>('change_log')
    if (this.#isServer && relayInServer) await (await this.app.container.make('changeLog')).start()
  }

  async shutdown() {
    this.#release()
    if (this.app.container.hasBinding('changeLog')) await (await this.app.container.make('changeLog')).stop()
  }

  get #isServer() {
    return this.app.getEnvironment() === 'web' && this.app.getMode() === 'run'
  }
}
