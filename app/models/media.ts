import { createHash, randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { compose } from '@adonisjs/core/helpers'
import logger from '@adonisjs/core/services/logger'
import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DateTime } from 'luxon'
import { MediaSchema } from '#database/schema'
import { ChangedMeanwhile, MediumInUse, NotFound } from '#exceptions/domain'
import Post from '#models/post'
import { folderOf, keyOf } from '#models/stored_file'
import User from '#models/user'
import { afterCommit, type Change } from '#providers/change_log/index'
import { withVersion } from '#providers/conditional_requests/index'
import type { FocalPoint, Picture, Variant } from '#providers/media/index'
import media from '#providers/media/service'
import { connectionLost, Statement, withUuid } from '#providers/portable/index'
import { SoftDelete, type SoftDeletes } from '#providers/soft_delete/index'
import { E_FILE_MISSING } from '#providers/storage/index'
import storage from '#providers/storage/service'

/** A variant as the row keeps it: the file is named by its content. */
export interface StoredVariant {
  name: Variant['name']
  format: Variant['format']
  width: number
  height: number
  file: string
}

export interface Details {
  altText?: string | null
  focalPoint?: FocalPoint
}

type Crop = Pick<Media, 'variants' | 'focalX' | 'focalY'>

/** What is written together with the row of a new medium. */
type Also = (medium: Media, client: TransactionClientContract) => Promise<void>

const ABANDONED_AFTER = { hours: 24 }

const IS_AVATAR = 'exists (select 1 from profiles where profiles.avatar_id = media.id)'

const byFolder = new Statement<{ is_public: number }>(
  'media-by-folder',
  `select case when ${IS_AVATAR} or (posts.visibility = 'public' and posts.archived_at is null and users.private_since is null)
          then 1 else 0 end as is_public
   from media join users on users.id = media.user_id left join posts on posts.id = media.post_id
   where media.folder = :folder and media.deleted_at is null and users.deleted_at is null and users.suspended_at is null`
)

export default class Media extends compose(MediaSchema, withUuid, withVersion, SoftDelete) {
  static table = 'media'
  static watched = ['postId', 'folder', 'variants', 'altText'] as const
  static softDeletes: SoftDeletes = { retention: '30d' }

  /** Removes the files that the row named before and does not name now, or all when it is gone: in the trash it keeps them. */
  @afterCommit('updated')
  @afterCommit('deleted')
  static async removeFiles({ before, after }: Change<Pick<Media, 'folder' | 'variants'>>) {
    const named = new Set(after ? keysOf(after) : [])
    await storage.delete(keysOf(before!).filter((key) => !named.has(key)))
  }

  @belongsTo(() => User)
  declare owner: BelongsTo<typeof User>

  /** Whether everyone may see the file, or only who was given a signed address; null when no row owns it. */
  static async visibilityOfFile(key: string): Promise<'public' | 'signed' | null> {
    const [owner] = await byFolder.all({ folder: folderOf(key) })
    return owner ? (owner.is_public ? 'public' : 'signed') : null
  }

  /** The files go first and the row last: a row never lacks its files, and files without a row are found by `media:verify`. */
  static async upload(owner: User, picture: Picture, details: Details, also: Also = async () => {}) {
    const folder = newFolder()
    const row = {
      userId: owner.id,
      folder,
      width: picture.width,
      height: picture.height,
      blurhash: picture.blurhash,
      dominantColor: picture.dominantColor,
      altText: details.altText ?? null,
      focalX: details.focalPoint?.x ?? 0.5,
      focalY: details.focalPoint?.y ?? 0.5,
    }
    return storing(folder, picture.variants, (variants) =>
      db.transaction(async (client) => {
        const medium = await this.create({ ...row, variants }, { client })
        await also(medium, client)
        return medium
      })
    )
  }

  static findOwn(id: string, owner: User) {
    return this.query().where('userId', owner.id).where('id', id).firstOrFail()
  }

  /** Media that nothing shows: not in a post and nobody's avatar. */
  static free() {
    return this.query().whereNull('postId').whereRaw(`not ${IS_AVATAR}`)
  }

  static async collectAbandoned(): Promise<number> {
    const before = DateTime.utc().minus(ABANDONED_AFTER).toISO()
    for (let collected = 0; ;) {
      const abandoned = await this.free().where('createdAt', '<', before).limit(500)
      if (abandoned.length === 0) return collected
      for (const each of abandoned) await each.purgeIfFree()
      collected += abandoned.length
    }
  }

  /**
   * Gives the media new addresses, because those who know the old ones may no longer see them. The files are copied
   * first and `change` writes the rows, after which the old ones go: whenever it breaks, each row has its files.
   */
  static async relocate(media: Media[], change: (moves: Map<Media, string>) => Promise<void>) {
    const moves = new Map(media.map((each) => [each, newFolder()]))
    const copies = media.flatMap((each) =>
      each.variants.map(({ file }) => [keyOf(each.folder, file), keyOf(moves.get(each)!, file)])
    )
    try {
      await allOf(copies.map(([from, to]) => copyIfThere(from, to)))
      await change(moves)
    } catch (error) {
      if (!connectionLost(error)) await removeStored(copies.map(([, to]) => to))
      throw error
    }
  }

  get keys(): string[] {
    return keysOf(this)
  }

  get focalPoint(): FocalPoint {
    return { x: this.focalX, y: this.focalY }
  }

  /** What it shows is part of its post: that gets a new version too, and is locked first, as where it is edited. */
  async describe({ altText, focalPoint }: Details, versions?: string[]) {
    const write = (crop?: Crop) =>
      db.transaction(async (client) => {
        if (this.postId) await (await Post.lock(this.postId, client)).enableForceUpdate().save()
        await this.claim(versions, client)
        // A post that took it in since it was read would have had to be locked first.
        const held = await Media.query({ client }).where({ id: this.id, postId: this.postId }).forUpdate().first()
        if (!held) throw new ChangedMeanwhile()
        if (crop) await this.replaceFiles(crop, client)
        if (altText !== undefined) held.altText = altText
        await held.enableForceUpdate().save()
      })
    await (focalPoint ? this.cropAround(focalPoint, write) : write())
    await this.refresh()
  }

  async isPublic(): Promise<boolean> {
    const [row] = await byFolder.all({ folder: this.folder })
    return Boolean(row?.is_public)
  }

  /**
   * A post may take the medium in at the same moment: the row decides, in one statement.
   *
   * @throws MediumInUse
   */
  async deleteIfFree(versions?: string[]) {
    await db.transaction(async (client) => {
      await this.claim(versions, client)
      const [deleted] = await Media.free().useTransaction(client).where('id', this.id).delete()
      if (!deleted) throw new MediumInUse()
    })
  }

  /** For good, and in one statement too. */
  async purgeIfFree(): Promise<boolean> {
    const [deleted] = await Media.free().where('id', this.id).forceDelete()
    return Boolean(deleted)
  }

  /** Writes where the files are now, unless somebody else moved or replaced them since they were read. */
  async replaceFiles(changes: Partial<Pick<Media, 'folder'> & Crop>, client: TransactionClientContract) {
    const before = { folder: this.folder, variants: JSON.stringify(this.variants) }
    const after = changes.variants ? { ...changes, variants: JSON.stringify(changes.variants) } : changes
    const [replaced] = await Media.query({ client }).where('id', this.id).where(before).update(after)
    if (!replaced) throw new ChangedMeanwhile()
  }

  private async cropAround({ x, y }: FocalPoint, write: (crop: Crop) => Promise<void>) {
    const full = this.variants.find(({ name, format }) => name === 'full' && format === 'jpeg')!
    const squares = await media.square(() => read(keyOf(this.folder, full.file)), { x, y })
    const others = this.variants.filter(({ name }) => name !== 'square')
    await storing(this.folder, squares, (stored) => write({ variants: [...stored, ...others], focalX: x, focalY: y }))
  }
}

function keysOf({ folder, variants }: Pick<Media, 'folder' | 'variants'>): string[] {
  return variants.map(({ file }) => keyOf(folder, file))
}

async function read(key: string): Promise<Buffer> {
  const file = await storage.open(key)
  if (!file) throw new NotFound()
  return buffer(file.stream)
}

/** A file that is lost must not keep a post public. */
async function copyIfThere(from: string, to: string) {
  try {
    await storage.copy(from, to)
  } catch (error) {
    if (!(error instanceof E_FILE_MISSING)) throw error
  }
}

function newFolder(): string {
  return randomBytes(16).toString('hex')
}

/**
 * Stores the files and then does `work`, which writes their row; when either fails, nothing is left of them. A salt keeps
 * two writers of the same picture apart: one that fails must not remove the files of the other.
 */
async function storing<Result>(
  folder: string,
  variants: Variant[],
  work: (stored: StoredVariant[]) => Promise<Result>
) {
  const salt = randomBytes(8)
  const stored = variants.map(({ name, format, width, height, data }) => {
    const hash = createHash('sha256').update(salt).update(data).digest('hex').slice(0, 16)
    return { name, format, width, height, file: `${name}-${hash}.${format === 'jpeg' ? 'jpg' : format}` }
  })
  const keys = stored.map(({ file }) => keyOf(folder, file))
  try {
    await allOf(variants.map(({ data, contentType }, index) => storage.put(keys[index], data, { contentType })))
    return await work(stored)
  } catch (error) {
    // The row may be there: then it has its files, and if not, media:verify finds them.
    if (!connectionLost(error)) await removeStored(keys)
    throw error
  }
}

/** Waits for all, also when one has failed: what is removed afterwards must not be written again. */
async function allOf(writes: Promise<void>[]) {
  const results = await Promise.allSettled(writes)
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
}

/** No row names these files any more. What cannot be removed now is an orphan, and `media:verify` finds it. */
async function removeStored(keys: string[]) {
  try {
    await storage.delete(keys)
  } catch (error) {
    logger.warn({ err: error, keys }, 'files that no medium has were not removed')
  }
}
