import { configProvider } from '@adonisjs/core'
import type { ApplicationService } from '@adonisjs/core/types'
import { E_STORAGE_CONFIG } from './errors.js'
import { Storage, type StorageConfig } from './storage.js'

declare module '@adonisjs/core/types' {
  interface ContainerBindings {
    storage: Storage
  }
}

/** Binds `storage`, made from `config/storage.ts`: at boot, so that a missing setting stops it. */
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
    await this.app.container.make('storage')
  }
}
