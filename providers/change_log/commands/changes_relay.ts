import type { CommandOptions } from '@adonisjs/core/types/ace'
import { PluginCommand } from '#providers/cli/index'

export default class ChangesRelay extends PluginCommand {
  static commandName = 'changes:relay'
  static description = 'Deliver the changes until stopped: one such process or server leads, the others stand by'
  static options: CommandOptions = { startApp: true, staysAlive: true }

  async run() {
    const changeLog = await this.app.container.make('changeLog')
    await changeLog.check()
    await changeLog.start()
    this.logger.info('relaying the change log, or standing by')
  }
}
