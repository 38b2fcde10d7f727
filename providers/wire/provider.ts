import type { ApplicationService } from '@adonisjs/core/types'
import { answerMalformed } from './index.js'

/** Has the server answer what its parser refuses. */
export default class WireProvider {
  constructor(protected app: ApplicationService) {}

  async ready() {
    if (this.app.getEnvironment() !== 'web') return
    const server = await this.app.container.make('server')
    const nodeServer = server.getNodeServer()
    if (nodeServer && 'listen' in nodeServer) answerMalformed(nodeServer as Parameters<typeof answerMalformed>[0])
  }
}
