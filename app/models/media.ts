import { createHash, randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { compose } from '@adonisjs/core/helpers'
import { afterDelete } from '@adonisjs/lucid/orm'
import { DateTime } from 'luxon'
import { MediaSchema } from '#database/schema'
import { NotFound } from '#exceptions/domain'
import { folderOf, keyOf } from '#models/stored_file'
import type User from '#models/user'
import type { FocalPoint, Picture, Variant } from '#providers/media/index'
import media from '#providers/media/service'
import { Statement, withUuid } from '#providers/portable/index'
import storage from '#providers/storage/service'

/** A variant as the row keeps it: the file is named by its content. */
export interface StoredVariant {
  name: Variant['name']
  format: Variant['format']
  width: number
  height: number
  file: string
}

const ABANDONED_AFTER = { hours: 24 }

const IS_AVATAR = 'exists (select 1 from profiles where profiles.avatar_id = media.id)'

const byFolder = new Statement<{ is_public: number }>(
  'media-by-folder',
  `select case when (posts.visibility = 'public' and posts.archived_at is null) or ${IS_AVATAR} then 1 else 0 end as is_public
   from media left join posts on posts.id = media.post_id where media.folder = ?`
)

export default class Media extends compose(MediaSchema, withUuid) {
  static table = 'media'

  /** Whether everyone may see the file, or only who was given a signed address; null when no row owns it. */
  static async visibilityOfFile(key: string): Promise<'public' | 'signed' | null> {
    const [owner] = await byFolder.all([folderOf(key)])
    return owner ? (owner.is_public ? 'public' : 'signed') : null
  }

  /** The files go first and the row last: a row never lacks its files, and files without a row are found by `media:verify`. */
  static async upload(owner: User, picture: Picture, details: { altText?: string | null; focalPoint?: FocalPoint }) {
    const folder = newFolder()
    const variants = await storeAll(folder, picture.variants)
    return this.create({
      userId: owner.id,
      folder,
      variants,
      width: picture.width,
      height: picture.height,
      blurhash: picture.blurhash,
      dominantColor: picture.dominantColor,
      altText: details.altText ?? null,
      focalX: details.focalPoint?.x ?? 0.5,
      focalY: details.focalPoint?.y ?? 0.5,
    })
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
    const abandoned = await this.free().where('createdAt', '<', before).limit(500)
    for (const each of abandoned) await each.deleteIfFree()
    return abandoned.length
  }

  /**
   * Gives the media new addresses, because those who know the old ones may no longer see them. The files are copied
   * first and `change`, which writes the rows, comes before the old ones go: whenever it breaks, each row has its files.
   */
  static async relocate(media: Media[], change: (folders: Map<string, string>) => Promise<void>) {
    const folders = new Map(media.map((each) => [each.id, newFolder()]))
    await Promise.all(
      media.flatMap((each) =>
        each.variants.map(({ file }) => storage.copy(keyOf(each.folder, file), keyOf(folders.get(each.id)!, file)))
      )
    )
    await change(folders)
    await this.removeFiles(media)
  }

  static removeFiles(media: Media[]) {
    return storage.delete(media.flatMap((each) => each.keys))
  }

  @afterDelete()
  static removeFilesOf(each: Media) {
    return this.removeFiles([each])
  }

  get keys(): string[] {
    return this.variants.map(({ file }) => keyOf(this.folder, file))
  }

  get focalPoint(): FocalPoint {
    return { x: this.focalX, y: this.focalY }
  }

  async describe({ altText, focalPoint }: { altText?: string | null; focalPoint?: FocalPoint }) {
    if (altText !== undefined) this.altText = altText
    if (focalPoint) await this.cropAround(focalPoint)
    else await this.save()
  }

  async isPublic(): Promise<boolean> {
    const [row] = await byFolder.all([this.folder])
    return Boolean(row?.is_public)
  }

  /** A post may take the medium in at the same moment: the row decides, in one statement. */
  async deleteIfFree(): Promise<boolean> {
    const [deleted] = await Media.free().where('id', this.id).delete()
    if (deleted) await Media.removeFiles([this])
    return Boolean(deleted)
  }

  private async cropAround(focalPoint: FocalPoint) {
    const full = this.variants.find(({ name, format }) => name === 'full' && format === 'jpeg')!
    const squares = await media.square(await read(keyOf(this.folder, full.file)), focalPoint)
    const before = this.keys
    const others = this.variants.filter(({ name }) => name !== 'square')
    const variants = [...(await storeAll(this.folder, squares)), ...others]
    Object.assign(this, { variants, focalX: focalPoint.x, focalY: focalPoint.y })
    await this.save()
    await storage.delete(before.filter((key) => !this.keys.includes(key)))
  }
}

async function read(key: string): Promise<Buffer> {
  const file = await storage.open(key)
  if (!file) throw new NotFound()
  return buffer(file.stream)
}

function newFolder(): string {
  return randomBytes(16).toString('hex')
}

async function storeAll(folder: string, variants: Variant[]): Promise<StoredVariant[]> {
  return Promise.all(
    variants.map(async ({ name, format, width, height, contentType, data }) => {
      const hash = createHash('sha256').update(data).digest('hex').slice(0, 16)
      const file = `${name}-${hash}.${format === 'jpeg' ? 'jpg' : format}`
      await storage.put(keyOf(folder, file), data, { contentType })
      return { name, format, width, height, file }
    })
  )
}
