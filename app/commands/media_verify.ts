import { flags } from '@adonisjs/core/ace'
import { ProgressBar } from '#providers/cli/index'
import { BaseCommand } from './_base_command.js'

export default class MediaVerify extends BaseCommand {
  static commandName = 'media:verify'
  static description = 'Compare the media with the stored files: rows without files, files without rows'
  static help = [
    'Ends with 1 when it found something that it did not mend.',
    'With --repair it removes files that no medium has, and media that lack files and that nothing shows.',
    'A post that lacks a file is only reported: restore the file from a copy, or delete the post.',
    'Files of an upload that may still be under way are waited for, a minute at most.',
  ]

  @flags.boolean({ description: 'Mend what can be mended' })
  declare repair: boolean

  @flags.number({ description: 'Seconds that an upload may still be under way; 0 when no server runs' })
  declare grace?: number

  async run() {
    const { MediaAudit } = await import('#models/media_audit')
    const { default: Media } = await import('#models/media')
    const total = await Media.query().withTrashed().count('* as total').firstOrFail()
    const bar = new ProgressBar({ total: Number(total.$extras.total), label: 'Verifying' })
    const audit = await MediaAudit.run({
      graceMs: this.grace === undefined ? undefined : this.grace * 1000,
      advance: () => bar.advance(),
    })
    bar.finish()
    const repaired = this.repair ? await MediaAudit.repair(audit) : null
    const left = audit.missing.length + audit.orphans.length - (repaired ? repaired.media + repaired.orphans : 0)
    this.exitCode = left > 0 ? 1 : 0

    this.show({ ...audit, repaired }, () => {
      for (const { id, postId, keys } of audit.missing) {
        this.logger.error(`medium ${id}${postId ? ` of post ${postId}` : ''} lacks ${keys.join(', ')}`)
      }
      for (const key of audit.orphans) this.logger.warning(`no medium has the file ${key}`)
      if (repaired) this.logger.info(`removed ${repaired.orphans} files and ${repaired.media} media`)
      const found = `${audit.missing.length} media lack files, ${audit.orphans.length} files have no medium`
      this.logger.info(`${audit.rows} media and ${audit.files} files: ${found}`)
    })
  }
}
