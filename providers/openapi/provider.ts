import type { ApplicationService } from '@adonisjs/core/types'
import type { OpenApiConfig } from './define_config.js'
import { documentOf } from './document.js'

/** The description of the API, made when it is first asked for. */
export class OpenApi {
  #document: Promise<object> | null = null

  constructor(
    private app: ApplicationService,
    private config: OpenApiConfig
  ) {}

  /** @throws E_UNDESCRIBED for a route without description. */
  document(): Promise<object> {
    this.#document ??= this.#make()
    return this.#document
  }

  async #make() {
    const router = await this.app.container.make('router')
    return documentOf(router.toJSON().root ?? [], this.config)
  }
}

declare module '@adonisjs/core/types' {
  interface ContainerBindings {
    openApi: OpenApi
  }
}

/** Binds `openApi`, made from `config/openapi.ts`. */
export default class OpenApiProvider {
  constructor(protected app: ApplicationService) {}

  register() {
    this.app.container.singleton('openApi', () => new OpenApi(this.app, this.app.config.get('openapi')))
  }
}
