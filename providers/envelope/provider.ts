import type { ApplicationService } from '@adonisjs/core/types'
import type { EnvelopeConfig } from './define_config.js'
import { Envelope } from './envelope.js'

/** Puts the request's id and the headers of `config/envelope.ts` on every answer of the server. */
export default class EnvelopeProvider {
  constructor(protected app: ApplicationService) {}

  async boot() {
    if (!['web', 'test'].includes(this.app.getEnvironment())) return
    const { headers } = this.app.config.get<EnvelopeConfig>('envelope')
    const envelope = new Envelope(headers)
    const server = await this.app.container.make('server')
    // A middleware would come too late for the log's lines, and not at all for addresses that cannot be read.
    const handle = server.handle.bind(server)
    server.handle = (request, response) => {
      envelope.put(request, response)
      return handle(request, response)
    }
  }
}
