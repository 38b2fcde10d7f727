import { flags } from '@adonisjs/core/ace'
import { BaseCommand } from './_base_command.js'

const HEAD = `# Configuration

Made of \`start/env.ts\` by \`npm run check\`. Settings are variables of the environment, or lines of \`.env\`; an empty one is not
set. \`node ace env:check\` tells which are wrong.
`

export default class EnvCheck extends BaseCommand {
  static commandName = 'env:check'
  static description = 'List the settings, and what is wrong with them'
  // What is wrong keeps the application from booting.
  static options = { startApp: false }

  @flags.boolean({ description: 'Print docs/configuration.md' })
  declare markdown: boolean

  async run() {
    const { settings } = await import('#start/env')
    const { markdownOf } = await import('#providers/settings/index')
    const variables = settings.report()
    if (this.markdown) return console.log(`${HEAD}\n${markdownOf(variables)}`)

    const wrong = variables.filter(({ problem }) => problem)
    this.exitCode = wrong.length > 0 ? 1 : 0
    this.show({ variables }, () => {
      const table = this.ui.table().head(['Variable', 'Meaning', 'Default', 'Set'])
      for (const { name, about, default: fallback, isSet, problem } of variables)
        table.row([name, about, fallback ?? '', problem ? 'wrong' : isSet ? 'yes' : ''])
      table.render()
      for (const { name, problem } of wrong) this.logger.error(`${name}: ${problem}`)
    })
  }
}
