import { BaseCommand as AceCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions, ParsedOutput } from '@adonisjs/core/types/ace'
import { problemOf } from '#exceptions/problem'

/** What all commands of ours have: the booted application, `--json`, errors in sentences and honest exit codes. */
export abstract class BaseCommand extends AceCommand {
  static options: CommandOptions = { startApp: true }

  /** Ace asks for the arguments of a command that is only asked for its help. */
  static validate(parsed: ParsedOutput) {
    if (!parsed.flags.help) super.validate(parsed)
  }

  @flags.boolean({ description: 'Print the result as JSON' })
  declare json: boolean

  /** Prints the result: for programs with --json, for people by `print` otherwise. */
  protected show(result: unknown, print: () => void) {
    if (this.json) console.log(JSON.stringify(result, null, 2))
    else print()
  }

  /** Ends the command with a sentence, and the exit code that scripts look at. */
  protected refuse(sentence: string) {
    this.exitCode = 1
    if (this.json) console.log(JSON.stringify({ error: sentence }))
    else this.logger.error(sentence)
  }

  /** Errors that are the caller's to mend are sentences; the others keep their stack. */
  async completed() {
    if (!this.error) return false
    const { status, detail, errors } = problemOf(this.error)
    if (status === 500) return false
    this.refuse([detail, ...(errors ?? []).map(({ message }) => message)].join('\n'))
    return true
  }
}
