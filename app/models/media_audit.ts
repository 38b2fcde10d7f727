import { setTimeout as sleep } from 'node:timers/promises'
import Media from '#models/media'
import { folderOf, ROOT } from '#models/stored_file'
import storage from '#providers/storage/service'

/** An upload has its row this long after its first file, or it failed: the storage gives up before. */
export const STORED_WITHIN_MS = 60_000

const PAGE = 500

export interface Audit {
  /** Rows, and files, that were looked at. */
  rows: number
  files: number
  /** Media whose row names files that are not there. */
  missing: { id: string; postId: string | null; keys: string[] }[]
  /** Files that no row names. */
  orphans: string[]
}

/**
 * Compares the rows of the media with the stored files, in both directions. Rows in the trash keep their files.
 *
 * A file that is younger than an upload takes may still get its row: such files are waited for, and looked up again.
 */
export const MediaAudit = {
  async run({
    graceMs = STORED_WITHIN_MS,
    advance = () => {},
  }: { graceMs?: number; advance?: () => void } = {}): Promise<Audit> {
    const { missing, rows } = await this.findMissing(advance)
    const { orphans, files } = await this.findOrphans(graceMs, advance)
    return { rows, files, missing, orphans }
  },

  /** Removes the orphans, and the media that have lost files and that nothing shows. What a post shows is left to people. */
  async repair({ missing, orphans }: Audit) {
    await storage.delete(orphans)
    const removed = await Media.free().whereIn(
      'id',
      missing.map(({ id }) => id)
    )
    for (const each of removed) await each.purgeIfFree()
    return { orphans: orphans.length, media: removed.length }
  },

  async findMissing(advance: () => void) {
    const missing: Audit['missing'] = []
    let rows = 0
    let after = '00000000-0000-0000-0000-000000000000'
    for (;;) {
      const page = await Media.query().withTrashed().where('id', '>', after).orderBy('id').limit(PAGE)
      if (page.length === 0) return { missing, rows }
      for (const each of page) {
        const keys = await absent(each.keys)
        // The row may have moved to new addresses, or gone, since it was read.
        const now = keys.length > 0 ? await Media.query().withTrashed().where('id', each.id).first() : null
        const gone = now ? await absent(now.keys) : []
        if (gone.length > 0) missing.push({ id: each.id, postId: each.postId, keys: gone })
        advance()
      }
      rows += page.length
      after = page.at(-1)!.id
    }
  },

  async findOrphans(graceMs: number, advance: () => void) {
    const orphans: string[] = []
    const young = new Map<string, number>()
    let files = 0
    for (let cursor: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof storage.list>> = await storage.list(ROOT, { limit: PAGE, cursor })
      const strange = new Set(await unowned(page.files.map(({ key }) => key)))
      for (const { key, modifiedAt } of page.files) {
        if (!strange.has(key)) continue
        const age = Date.now() - modifiedAt.getTime()
        if (age < graceMs) young.set(key, graceMs - age)
        else orphans.push(key)
      }
      files += page.files.length
      advance()
      cursor = page.nextCursor
      if (!cursor) break
    }
    if (young.size > 0) {
      await sleep(Math.max(...young.values()))
      orphans.push(...(await unowned([...young.keys()])))
    }
    return { orphans, files }
  },
}

async function absent(keys: string[]): Promise<string[]> {
  const stats = await Promise.all(keys.map((key) => storage.stat(key)))
  return keys.filter((_, index) => stats[index] === null)
}

/** Those of the keys that no row names. */
async function unowned(keys: string[]): Promise<string[]> {
  const owned = new Set<string>()
  for (let start = 0; start < keys.length; start += PAGE) {
    const folders = [...new Set(keys.slice(start, start + PAGE).map((key) => folderOf(key)))]
    for (const each of await Media.query().withTrashed().whereIn('folder', folders))
      each.keys.forEach((key) => owned.add(key))
  }
  return keys.filter((key) => !owned.has(key))
}
