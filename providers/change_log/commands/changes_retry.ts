import { flags } from '@adonisjs/core/ace'
import { PluginCommand } from '#providers/cli/index'

export default class ChangesRetry extends PluginCommand {
  static commandName = 'changes:retry'
  static description = 'Deliver dead letters again, once what they failed on is mended'

  @flags.string({ description: 'Only those of this subscriber, such as Post.index' })
  declare subscriber?: string

  @flags.string({ description: 'Only those of this key' })
  declare key?: string

  @flags.boolean({ description: 'Say how many there are and change nothing' })
  declare dryRun: boolean

  async run() {
    const changeLog = await this.app.container.make('changeLog')
    const filter = { subscriber: this.subscriber, key: this.key }
    const letters = this.dryRun ? await changeLog.countDead(filter) : await changeLog.retry(filter)
    this.show({ letters }, () => {
      this.logger.info(`${letters} dead letters ${this.dryRun ? 'would be' : 'are'} tried again`)
    })
  }
}
