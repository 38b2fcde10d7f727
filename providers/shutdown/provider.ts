import type { ApplicationService } from '@adonisjs/core/types'
import { Drain } from './drain.js'
import { OpenStreams } from './open_streams.js'

declare module '@adonisjs/core/types' {
  interface ContainerBindings {
    openStreams: OpenStreams
  }
}

/**
 * Binds `openStreams`, and ends the server in good order when the application terminates: before anything that requests
 * need is shut down. To be listed last, so that what other providers do at the termination comes after.
 */
export default class ShutdownProvider {
  constructor(protected app: ApplicationService) {}

  register() {
    this.app.container.singleton('openStreams', () => new OpenStreams())
  }

  /** What is registered while the server is not ready yet runs after the framework has waited for all connections. */
  async ready() {
    if (this.app.getEnvironment() !== 'web') return
    const server = await this.app.container.make('server')
    const streams = await this.app.container.make('openStreams')
    const logger = await this.app.container.make('logger')
    const drain = new Drain(server.getNodeServer() as ConstructorParameters<typeof Drain>[0])
    this.app.terminating(async () => {
      const drained = drain.run()
      streams.end()
      const cut = await drained
      if (cut > 0) logger.warn({ connections: cut }, 'connections were cut off: they were not over at the deadline')
    })
  }
}
