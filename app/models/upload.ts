import type { Readable } from 'node:stream'
import { compose } from '@adonisjs/core/helpers'
import logger from '@adonisjs/core/services/logger'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DateTime } from 'luxon'
import { UploadSchema } from '#database/schema'
import { ChangedMeanwhile, NotUploaded, TooManyUploads, UploadExpired } from '#exceptions/domain'
import Media from '#models/media'
import User from '#models/user'
import { Refusal, type FocalPoint } from '#providers/media/index'
import media from '#providers/media/service'
import { uuidv7, withUuid } from '#providers/portable/index'
import storage from '#providers/storage/service'

export const MAX_PENDING = 40

/** The folder of what was sent and is no medium yet. */
const ROOT = 'uploads'
const LIFETIME = { hours: 1 }
/** A PUT, or a completion, that began in time may end later. */
const GRACE = { hours: 1 }
const PAGE = 500

interface Details {
  altText?: string | null
  focalPoint?: FocalPoint
}

/** A file that a client sends to the storage by itself, and then has made into a medium. */
export default class Upload extends compose(UploadSchema, withUuid) {
  static async start(owner: User, file: { contentType: string; size: number }) {
    const id = uuidv7()
    const key = `${ROOT}/${id}`
    const expiresAt = DateTime.utc().plus(LIFETIME)
    const destination = await storage.presign(key, { ...file, expiresAt: expiresAt.toJSDate() })
    return db.transaction(async (client) => {
      // The owner's row is the lock: two at once would both find room for the last one.
      await User.query({ client }).where('id', owner.id).forUpdate().firstOrFail()
      if ((await this.pendingOf(owner, client)).length >= MAX_PENDING) throw new TooManyUploads(MAX_PENDING)
      const upload = await this.create({ id, userId: owner.id, key, ...file, expiresAt }, { client })
      return { upload, destination }
    })
  }

  static findOwn(id: string, owner: User) {
    return this.query().where('userId', owner.id).where('id', id).firstOrFail()
  }

  /** Removes what was never completed, and the marks of what was, once their time and a grace are over. */
  static async collectExpired(): Promise<number> {
    const before = DateTime.utc().minus(GRACE).toISO()
    for (let cursor: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof storage.list>> = await storage.list(ROOT, { limit: PAGE, cursor })
      const keys = page.files.map(({ key }) => key)
      const inTime = await this.query().whereIn('key', keys).where('expiresAt', '>=', before)
      const kept = new Set(inTime.map(({ key }) => key))
      await storage.delete(keys.filter((key) => !kept.has(key)))
      cursor = page.nextCursor
      if (!cursor) break
    }
    const [collected] = await this.query().where('expiresAt', '<', before).delete()
    return Number(collected)
  }

  private static pendingOf(owner: User, client: TransactionClientContract) {
    const now = DateTime.utc().toISO()
    return this.query({ client }).where('userId', owner.id).whereNull('mediaId').where('expiresAt', '>', now)
  }

  get isExpired(): boolean {
    return this.expiresAt <= DateTime.utc()
  }

  /** Makes the file a medium, once: who completes again is given the same. */
  async complete(owner: User, details: Details): Promise<Media> {
    if (this.mediaId) return Media.findOrFail(this.mediaId)
    if (this.isExpired) throw new UploadExpired()

    const file = await storage.open(this.key)
    if (!file || file.stat.size === 0) return this.completedMeanwhile(file?.stream)
    const picture = await this.picture(file.stream, details)
    try {
      const medium = await Media.upload(owner, picture, details, (made, client) => this.become(made, client))
      await this.mark()
      return medium
    } catch (error) {
      if (error instanceof ChangedMeanwhile) return this.completedMeanwhile()
      throw error
    }
  }

  private async completedMeanwhile(unread?: Readable) {
    unread?.destroy()
    const { mediaId } = await Upload.findOrFail(this.id)
    if (!mediaId) throw new NotUploaded()
    return Media.findOrFail(mediaId)
  }

  private async picture(file: Readable, { focalPoint }: Details) {
    try {
      return await media.spool(file, (path) => media.picture(path, { focalPoint }))
    } catch (error) {
      if (error instanceof Refusal) await storage.delete([this.key])
      throw error
    }
  }

  private async become({ id }: Media, client: TransactionClientContract) {
    const [completed] = await Upload.query({ client }).where('id', this.id).whereNull('mediaId').update({ mediaId: id })
    if (!completed) throw new ChangedMeanwhile()
  }

  /** An empty file takes the place, so that until its address has ended nobody puts another one there. */
  private async mark() {
    try {
      await storage.put(this.key, Buffer.alloc(0), { contentType: this.contentType })
    } catch (error) {
      logger.warn({ err: error, key: this.key }, 'an upload that is complete was not removed, and is collected later')
    }
  }
}
