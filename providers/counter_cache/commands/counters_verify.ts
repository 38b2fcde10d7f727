import { PluginCommand, ProgressBar } from '#providers/cli/index'
import type { Drift } from '../counters.js'

export default class CountersVerify extends PluginCommand {
  static commandName = 'counters:verify'
  static description = 'Compare each stored count with the rows: the stored number and the true one'
  static help = ['Ends with 1 when a number is wrong, or when a write could pass the counters by.']

  async run() {
    const counterCache = await this.app.container.make('counterCache')
    const problems = await counterCache.problems()
    const drifts: Drift[] = []
    const bar = new ProgressBar({ total: await counterCache.size(), label: 'Comparing' })
    for await (const { compared, drifts: found } of counterCache.verify()) {
      drifts.push(...found)
      bar.advance(compared)
    }
    bar.finish()
    this.exitCode = problems.length + drifts.length > 0 ? 1 : 0

    this.show({ problems, drifts }, () => {
      for (const problem of problems) this.logger.error(problem)
      for (const { table, column, key, stored, actual } of drifts) {
        this.logger.error(`${table}.${column} of ${key} is ${stored} and should be ${actual}`)
      }
      this.logger.info(`${drifts.length} numbers are wrong`)
    })
  }
}
