import { flags } from '@adonisjs/core/ace'
import { PluginCommand, ProgressBar } from '#providers/cli/index'
import type { SoftDeleteConfig } from '../define_config.js'
import { E_SOFT_DELETE_CONFIG } from '../errors.js'
import type { SoftDeletingModel } from '../graph.js'
import { countExpired, purge } from '../purge.js'

export default class TrashPurge extends PluginCommand {
  static commandName = 'trash:purge'
  static description = 'Delete for good what has been in the trash long enough'
  static help = ['May be stopped at any time and started again. Ends with 1 when it was stopped or something failed.']

  @flags.string({ description: 'Only this model: Post' })
  declare model?: string

  @flags.string({ description: 'An age other than the models declare: 30d, 12h' })
  declare olderThan?: string

  @flags.number({ description: 'Rows in one transaction', default: 100 })
  declare batch: number

  @flags.boolean({ description: 'Say what would go and delete nothing' })
  declare dryRun: boolean

  async run() {
    if (!(this.batch >= 1)) throw new E_SOFT_DELETE_CONFIG('--batch is at least 1.')
    const stopped = new AbortController()
    const stop = () => stopped.abort()
    process.once('SIGINT', stop).once('SIGTERM', stop)
    const purged: Record<string, number> = {}
    try {
      for (const model of await this.models()) await this.purgeModel(model, stopped.signal, purged)
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop)
    }
    if (stopped.signal.aborted) this.exitCode = 1
    this.show({ dryRun: Boolean(this.dryRun), stopped: stopped.signal.aborted, purged }, () => {
      const counts = Object.entries(purged).map(([table, count]) => `${count} ${table}`)
      this.logger.info(`${this.dryRun ? 'would delete' : 'deleted'} ${counts.join(', ') || 'nothing'}`)
    })
  }

  private async models(): Promise<SoftDeletingModel[]> {
    const { models } = this.app.config.get<SoftDeleteConfig>('soft_delete', { models: [] })
    const all = await Promise.all(models.map(async (load) => (await load()).default))
    for (const each of all) each.boot()
    if (!this.model) return all.filter(({ softDeletes }) => this.olderThan || softDeletes.retention !== undefined)
    const named = all.filter(({ name }) => name === this.model)
    if (named.length > 0) return named
    throw new E_SOFT_DELETE_CONFIG(`No model "${this.model}" in config/soft_delete.ts: ${all.map(({ name }) => name)}.`)
  }

  private async purgeModel(model: SoftDeletingModel, signal: AbortSignal, purged: Record<string, number>) {
    const options = { model, olderThan: this.olderThan, batch: this.batch, dryRun: this.dryRun, signal }
    const bar = new ProgressBar({ total: await countExpired(options), label: `Purging ${model.table}` })
    for await (const { rows, counts } of purge(options)) {
      for (const [table, count] of Object.entries(counts)) purged[table] = (purged[table] ?? 0) + count
      bar.advance(rows)
    }
    bar.finish()
  }
}
