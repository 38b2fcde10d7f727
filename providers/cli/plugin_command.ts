import { BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions, ParsedOutput } from '@adonisjs/core/types/ace'

/** What all commands have: the booted application, `--json`, errors in sentences and honest exit codes. */
export abstract class PluginCommand extends BaseCommand {
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

  /** What an error says to who called the command; null for those that are not theirs to mend, which keep their stack. */
  protected sentenceOf(error: { code?: string; message: string }): string | null {
    return /^E_/.test(error.code ?? '') ? error.message : null
  }

  async completed() {
    const sentence = this.error && this.sentenceOf(this.error)
    if (!sentence) return false
    this.refuse(sentence)
    return true
  }
}

type CommandClass = typeof PluginCommand & { commandName: string }

/** What `commands` in adonisrc.ts asks of a plugin's module: `export const { getMetaData, getCommand } = listCommands([…])`. */
export function listCommands(commands: unknown[]) {
  const classes = commands as CommandClass[]
  return {
    getMetaData: async () => classes.map((command) => command.serialize()),
    getCommand: async ({ commandName }: { commandName: string }) =>
      classes.find((command) => command.commandName === commandName) ?? null,
  }
}
