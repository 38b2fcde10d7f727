import { flags } from '@adonisjs/core/ace'
import { PluginCommand, ProgressBar } from '#providers/cli/index'

export default class CountersRepair extends PluginCommand {
  static commandName = 'counters:repair'
  static description = 'Install what keeps the counters, and set those right that are wrong, while the server runs'

  @flags.boolean({ description: 'Say how many are wrong and change nothing' })
  declare dryRun: boolean

  async run() {
    const counterCache = await this.app.container.make('counterCache')
    const bar = new ProgressBar({ total: await counterCache.size(), label: 'Repairing' })
    let numbers = 0
    for await (const { compared, drifts } of this.dryRun ? counterCache.verify() : counterCache.repair()) {
      numbers += drifts.length
      bar.advance(compared)
    }
    bar.finish()
    this.show({ numbers, dryRun: Boolean(this.dryRun) }, () => {
      this.logger.info(`${numbers} numbers ${this.dryRun ? 'would be' : 'were'} set right`)
    })
  }
}
