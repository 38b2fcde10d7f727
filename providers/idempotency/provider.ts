import { HttpContext } from '@adonisjs/core/http'
import type { ApplicationService } from '@adonisjs/core/types'
import { beforeCommit } from '#providers/commit_guard/index'
import type { IdempotencyConfig } from './define_config.js'
import { Idempotency, type Creation } from './idempotency.js'

declare module '@adonisjs/core/types' {
  interface ContainerBindings {
    idempotency: Idempotency
  }
}

declare module '@adonisjs/core/http' {
  interface HttpContext {
    /** Makes something and answers, once for each `Idempotency-Key`: see `Idempotency.once`. */
    once<Made, Kept>(creation: Creation<Made, Kept>): Promise<unknown>
  }
}

/** Binds `idempotency`, made from `config/idempotency.ts`, and gives actions `ctx.once()`. */
export default class IdempotencyProvider {
  #release = () => {}

  constructor(protected app: ApplicationService) {}

  register() {
    this.app.container.singleton('idempotency', async () => {
      const config = this.app.config.get<IdempotencyConfig>('idempotency')
      const { container } = this.app
      return new Idempotency(config, await container.make('lucid.db'), await container.make('encryption'))
    })
  }

  async boot() {
    const idempotency = await this.app.container.make('idempotency')
    this.#release = beforeCommit((transaction, made) => idempotency.keep(transaction, made))
    HttpContext.macro('once', function (this: HttpContext, creation) {
      return idempotency.once(this, creation)
    })
  }

  shutdown() {
    this.#release()
  }
}
