import { PluginCommand } from '#providers/cli/index'

export default class ChangesStatus extends PluginCommand {
  static commandName = 'changes:status'
  static description =
    'Show how far the hooks are behind, what failed for good, and whether the triggers are as declared'
  static help = ['Ends with 1 when there are dead letters or stale triggers.']

  async run() {
    const status = await (await this.app.container.make('changeLog')).status()
    this.exitCode = status.dead.length + status.problems.length > 0 ? 1 : 0
    this.show(status, () => {
      const age = status.oldestMs === null ? '' : `, the oldest for ${(status.oldestMs / 1000).toFixed(1)} s`
      this.logger.info(`${status.waiting} changes wait${age}; ${status.retrying} are tried again`)
      for (const { id, subscriber, table, key, attempts, error } of status.dead) {
        this.logger.error(
          `dead letter ${id}: ${subscriber} failed ${attempts} times on ${table} ${key}: ${error?.split('\n')[0]}`
        )
      }
      for (const problem of status.problems) this.logger.error(problem)
    })
  }
}
