import type {} from '#providers/health/provider'
import { configProvider } from '@adonisjs/core'
import type { ApplicationService } from '@adonisjs/core/types'
import { E_STORAGE_CONFIG } from './errors.js'
import { Storage, type StorageConfig } from './storage.js'

declare module '@adonisjs/core/types' {
  interface ContainerBindings {
    storage: Storage
  }
}

/**
 * Binds `storage`, made from `config/storage.ts`: at boot, so that a missing setting stops it. The health of the
 * application knows whether its disk is well.
 */
export default class StorageProvider {
  constructor(protected app: ApplicationService) {}

  register() {
    this.app.container.singleton('storage', async () => {
      const config = await configProvider.resolve<StorageConfig>(this.app, this.app.config.get('storage'))
      if (!config) throw new E_STORAGE_CONFIG('config/storage.ts has to export what defineConfig() returns.')
      return new Storage(config)
    })
  }

  async boot() {
    const storage = await this.app.container.make('storage')
    const health = await this.app.container.make('health')
    health.add('storage', () => storage.ready())
  }
}
