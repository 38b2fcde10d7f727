import { writeFile } from 'node:fs/promises'
import { args } from '@adonisjs/core/ace'
import { PluginCommand } from '#providers/cli/index'

export default class OpenApiExport extends PluginCommand {
  static commandName = 'openapi:export'
  static description = 'Write the description of the API, as OpenAPI 3.1'

  @args.string({ description: 'The file; printed when it is left out', required: false })
  declare file?: string

  async run() {
    const router = await this.app.container.make('router')
    router.commit()
    const document = JSON.stringify(await (await this.app.container.make('openApi')).document(), null, 2)
    if (!this.file) return console.log(document)
    await writeFile(this.file, `${document}\n`)
    this.show({ file: this.file }, () => this.logger.success(`wrote ${this.file}`))
  }
}
