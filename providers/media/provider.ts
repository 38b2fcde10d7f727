import type { ApplicationService } from '@adonisjs/core/types'
import { defineConfig, Media } from './index.js'

declare module '@adonisjs/core/types' {
  interface ContainerBindings {
    media: Media
  }
}

/** Registers `media`, and clears its spool directory when the server starts. */
export default class MediaProvider {
  constructor(protected app: ApplicationService) {}

  register() {
    this.app.container.singleton('media', () => new Media(defineConfig(this.app.config.get('media', {}))))
  }

  async ready() {
    if (this.app.getEnvironment() !== 'web') return
    const media = await this.app.container.make('media')
    await media.sweep()
  }
}
