import { flags } from '@adonisjs/core/ace'
import { ProgressBar } from '#providers/cli/index'
import { BaseCommand } from './_base_command.js'

export default class CommentsRepair extends BaseCommand {
  static commandName = 'comments:repair'
  static description = 'Put comments back in their places in the threads, one post at a time, while the server runs'
  static help = ['Each post whose comments have problems is rebuilt from what answers what; the others are left alone.']

  @flags.string({ description: 'The id of a post; all posts without it' })
  declare post?: string

  @flags.boolean({ description: 'Say how many posts have problems and change nothing' })
  declare dryRun: boolean

  async run() {
    const { Forest } = await import('#models/forest')
    const bar = new ProgressBar({ total: await Forest.size(this.post), label: 'Repairing' })
    const done = { posts: 0, placed: 0, brought: 0 }
    for await (const { problems, placed, brought } of Forest.repair(this.post, { dryRun: this.dryRun })) {
      if (problems.length > 0) done.posts++
      done.placed += placed
      done.brought += brought
      bar.advance()
    }
    bar.finish()
    this.show({ ...done, dryRun: Boolean(this.dryRun) }, () => {
      const verb = this.dryRun ? 'would be rebuilt' : 'were rebuilt'
      this.logger.info(
        `the threads of ${done.posts} posts ${verb}: ${done.placed} comments placed, ${done.brought} brought to their threads`
      )
    })
  }
}
