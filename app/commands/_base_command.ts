import { problemOf } from '#exceptions/problem'
import { PluginCommand } from '#providers/cli/index'

export abstract class BaseCommand extends PluginCommand {
  protected sentenceOf(error: unknown) {
    const { status, detail, errors } = problemOf(error)
    return status === 500 ? null : [detail, ...(errors ?? []).map(({ message }) => message)].join('\n')
  }
}
