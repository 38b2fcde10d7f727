import { flags } from '@adonisjs/core/ace'
import { ProgressBar } from '#providers/cli/index'
import type { Verified } from '#models/forest'
import { BaseCommand } from './_base_command.js'

export default class CommentsVerify extends BaseCommand {
  static commandName = 'comments:verify'
  static description = 'Name what is wrong with the places of comments in their threads, while the server runs'
  static help = ['Ends with 1 when it found something. comments:repair mends it.']

  @flags.string({ description: 'The id of a post; all posts without it' })
  declare post?: string

  async run() {
    const { Forest } = await import('#models/forest')
    const bar = new ProgressBar({ total: await Forest.size(this.post), label: 'Verifying' })
    const problems: (Verified['problems'][number] & { postId: string })[] = []
    for await (const tree of Forest.verify(this.post)) {
      problems.push(...tree.problems.map((problem) => ({ postId: tree.postId, ...problem })))
      bar.advance()
    }
    bar.finish()
    this.exitCode = problems.length > 0 ? 1 : 0
    this.show({ problems }, () => {
      for (const { postId, id, problem, other } of problems) {
        this.logger.error(`comment ${id} on post ${postId}: ${problem}${other ? ` (${other})` : ''}`)
      }
      this.logger.info(`${problems.length} problems`)
    })
  }
}
