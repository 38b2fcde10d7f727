import { flags } from '@adonisjs/core/ace'
import { PluginCommand } from '#providers/cli/index'

export default class ChangesInstall extends PluginCommand {
  static commandName = 'changes:install'
  static description = 'Make the triggers of the change log be those that the models declare'

  @flags.boolean({ description: 'Say what is wrong and change nothing; ends with 1 when something is' })
  declare dryRun: boolean

  async run() {
    const changeLog = await this.app.container.make('changeLog')
    if (this.dryRun) {
      const { problems } = await changeLog.status()
      this.exitCode = problems.length > 0 ? 1 : 0
      return this.show({ problems }, () => {
        for (const problem of problems) this.logger.warning(problem)
        if (problems.length === 0) this.logger.info('the triggers are as declared')
      })
    }
    const changed = await changeLog.install()
    this.show({ changed }, () => {
      this.logger.info(changed.length > 0 ? `changed the triggers of ${changed.join(', ')}` : 'nothing to do')
    })
  }
}
