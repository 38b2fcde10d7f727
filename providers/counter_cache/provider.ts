import type { ApplicationService } from '@adonisjs/core/types'
import { keepAroundMigrations } from '#providers/triggers/index'
import { CounterCache } from './counters.js'
import type { CounterCacheConfig } from './define_config.js'

declare module '@adonisjs/core/types' {
  interface ContainerBindings {
    counterCache: CounterCache
  }
}

/**
 * Binds `counterCache`, made from `config/counter_cache.ts`, and keeps its triggers around migrations. A server checks them
 * before it listens.
 */
export default class CounterCacheProvider {
  #release = () => {}

  constructor(protected app: ApplicationService) {}

  register() {
    this.app.container.singleton('counterCache', async () => {
      const config = this.app.config.get<CounterCacheConfig>('counter_cache')
      return new CounterCache(await this.app.container.make('lucid.db'), config)
    })
  }

  boot() {
    this.#release = keepAroundMigrations(() => this.app.container.make('counterCache'))
  }

  async start() {
    if (this.app.getEnvironment() !== 'web' || this.app.getMode() !== 'run') return
    await (await this.app.container.make('counterCache')).check()
  }

  shutdown() {
    this.#release()
  }
}
