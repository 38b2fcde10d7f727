import { compose } from '@adonisjs/core/helpers'
import { belongsTo, hasMany } from '@adonisjs/lucid/orm'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import db from '@adonisjs/lucid/services/db'
import { DateTime } from 'luxon'
import { PostSchema } from '#database/schema'
import { Archived, ChangedMeanwhile, CommentsLocked, Forbidden, Invalid, TooManyPins } from '#exceptions/domain'
import Bookmark from '#models/bookmark'
import Comment from '#models/comment'
import Hashtag from '#models/hashtag'
import Media from '#models/media'
import Mention from '#models/mention'
import PostHashtag from '#models/post_hashtag'
import PostLike from '#models/post_like'
import { textEntities } from '#models/text_entities'
import User from '#models/user'
import { seenBy, visiblePost } from '#models/visibility'
import { withVersion } from '#providers/conditional_requests/index'
import type { Counters } from '#providers/counter_cache/index'
import { inTransaction, retryDeadlocks, uuidv7, withUuid } from '#providers/portable/index'
import { SoftDelete, type SoftDeletes } from '#providers/soft_delete/index'

export const MAX_PINS = 3

type Changes = Partial<Pick<Post, 'caption' | 'visibility' | 'archivedAt' | 'pinnedAt'>>

export default class Post extends compose(PostSchema, withUuid, withVersion, SoftDelete) {
  static watched = ['userId', 'caption', 'visibility', 'archivedAt', 'pinnedAt'] as const
  static softDeletes: SoftDeletes = { cascade: ['media', 'comments'], retention: '30d' }
  static counters: Counters = {
    likesCount: { of: () => PostLike, by: 'postId' },
    commentsCount: { of: () => Comment, by: 'postId' },
  }

  @belongsTo(() => User)
  declare author: BelongsTo<typeof User>

  @hasMany(() => Media, { onQuery: (query) => void query.orderBy('position') })
  declare media: HasMany<typeof Media>

  @hasMany(() => Comment)
  declare comments: HasMany<typeof Comment>

  static visibleTo(viewer: User | null) {
    return this.query().whereRaw(visiblePost('posts'), seenBy(viewer))
  }

  static findVisible(id: string, viewer: User | null) {
    return this.visibleTo(viewer).where('id', id).firstOrFail()
  }

  /** What the viewer does not see is not there; what they see and is another's, they may not change. */
  static async findOwn(id: string, viewer: User) {
    const post = await this.findVisible(id, viewer)
    if (post.userId !== viewer.id) throw new Forbidden()
    return post
  }

  /**
   * Before the rows of its comments and media, in the order of the counters: of two that change several of them one waits. As
   * counters lock it, so that who refers to the post does not wait.
   */
  static lock(id: string, client: TransactionClientContract) {
    const post = this.query({ client }).where('id', id)
    post.knexQuery.forNoKeyUpdate()
    return post.firstOrFail()
  }

  /** Whether it is in the trash or not: for its author alone. */
  static findRestorable(id: string, viewer: User) {
    return this.query().withTrashed().where('userId', viewer.id).where('id', id).firstOrFail()
  }

  static async publish(author: User, album: { mediaIds: string[]; caption: string; visibility: Post['visibility'] }) {
    return inTransaction(db.connection(), async (client) => {
      const post = await this.create(
        { userId: author.id, caption: album.caption, visibility: album.visibility, likesCount: 0, commentsCount: 0 },
        { client }
      )
      await post.own(album.mediaIds, client)
      await post.linkCaption(client)
      return post
    })
  }

  get isPublic(): boolean {
    return this.visibility === 'public' && !this.archivedAt
  }

  get isArchived(): boolean {
    return this.archivedAt !== null
  }

  get isPinned(): boolean {
    return this.pinnedAt !== null
  }

  /** What its media show is part of the post: their alt texts make a new version of it too. */
  async edit(
    {
      altTexts = [],
      ...changes
    }: {
      caption?: string
      visibility?: Post['visibility']
      altTexts?: { id: string; altText: string | null }[]
    },
    versions?: string[]
  ) {
    const ids = altTexts.map(({ id }) => id)
    await this.change(changes, { versions }, async (client) => {
      const media = await this.mediaById(ids, client)
      for (const { id, altText } of altTexts) await media.get(id)!.merge({ altText }).save()
      if (altTexts.length > 0) this.enableForceUpdate()
      if ('caption' in this.$dirty) await this.linkCaption(client)
    })
  }

  async archive() {
    if (!this.isArchived) await this.change({ archivedAt: DateTime.utc(), pinnedAt: null })
  }

  async unarchive() {
    await this.change({ archivedAt: null })
  }

  /** @throws Archived, TooManyPins */
  async pin() {
    await inTransaction(db.connection(), async (client) => {
      await this.hold(client)
      if (this.isArchived) throw new Archived()
      if (!(await this.hasRoomToPin(client))) throw new TooManyPins(MAX_PINS)
      this.pinnedAt = DateTime.utc()
      await this.save()
    })
  }

  async unpin() {
    this.pinnedAt = null
    await this.save()
  }

  /** A post that was pinned comes back pinned where there is still room for it. */
  async restore() {
    await inTransaction(db.connection(), async (client) => {
      const hasRoom = await this.hasRoomToPin(client)
      await this.useTransaction(client).refresh()
      await super.restore()
      if (this.isPinned && !hasRoom) await this.unpin()
    })
  }

  async like(viewer: User) {
    const row = { id: uuidv7(), post_id: this.id, user_id: viewer.id, created_at: DateTime.utc().toISO() }
    await retryDeadlocks(db.connection(), () =>
      db.table(PostLike.table).insert(row).onConflict(['post_id', 'user_id']).ignore()
    )
  }

  async unlike(viewer: User) {
    await PostLike.query().where('postId', this.id).where('userId', viewer.id).delete()
  }

  async isLikedBy(viewer: User): Promise<boolean> {
    return (await PostLike.query().where('postId', this.id).where('userId', viewer.id).first()) !== null
  }

  /** @throws CommentsLocked */
  comment(author: User, text: string) {
    return Comment.write(author, { post: this, parent: null, text })
  }

  get areCommentsLocked(): boolean {
    return this.commentsLockedAt !== null
  }

  /** @throws CommentsLocked for all but its author. */
  requireUnlocked(author: User) {
    if (this.areCommentsLocked && this.userId !== author.id) throw new CommentsLocked()
  }

  async lockComments() {
    this.commentsLockedAt ??= DateTime.utc()
    await this.save()
  }

  async unlockComments() {
    this.commentsLockedAt = null
    await this.save()
  }

  async bookmark(viewer: User) {
    const row = { id: uuidv7(), user_id: viewer.id, post_id: this.id, created_at: DateTime.utc().toISO() }
    await retryDeadlocks(db.connection(), () =>
      db.table('bookmarks').insert(row).onConflict(['user_id', 'post_id']).ignore()
    )
  }

  async unbookmark(viewer: User) {
    await Bookmark.remove(this.id, viewer)
  }

  async isBookmarkedBy(viewer: User): Promise<boolean> {
    return (await Bookmark.query().where('postId', this.id).where('userId', viewer.id).first()) !== null
  }

  /**
   * The author's row is the lock: two pins at once would both find room for the last one. As counters lock it, so that who
   * refers to the author or the post does not wait.
   */
  private async hasRoomToPin(client: TransactionClientContract): Promise<boolean> {
    const [post, author] = [Post.query({ client }).withTrashed(), User.query({ client })]
    for (const query of [post, author]) query.knexQuery.forNoKeyUpdate()
    // The post before its author, as whoever updates it and moves the author's counter has them.
    await post.where('id', this.id).firstOrFail()
    await author.where('id', this.userId).firstOrFail()
    const others = Post.query({ client }).where('userId', this.userId).whereNotNull('pinnedAt').whereNot('id', this.id)
    return (await others).length < MAX_PINS
  }

  /** Where a post stops being public, its files leave the addresses under which everyone could fetch them. */
  private async change(
    changes: Changes,
    { versions }: { versions?: string[] } = {},
    also: (client: TransactionClientContract) => Promise<void> = async () => {}
  ) {
    const isHidden = this.isHiddenBy(changes)
    const write = (moves: Map<Media, string>) =>
      inTransaction(db.connection(), async (client) => {
        await this.hold(client)
        await this.claim(versions, client)
        // It was made public since it was read: nobody copied its files.
        if (this.isHiddenBy(changes) && !isHidden) throw new ChangedMeanwhile()
        Object.assign(this, changes)
        await also(client)
        await this.save()
        for (const [medium, folder] of moves) await medium.replaceFiles({ folder }, client)
      })
    if (isHidden) await Media.relocate(await Media.query().where('postId', this.id), write)
    else await write(new Map())
  }

  private isHiddenBy({ visibility = this.visibility, archivedAt = this.archivedAt }: Changes): boolean {
    return this.isPublic && (visibility !== 'public' || archivedAt !== null)
  }

  /**
   * Makes the row the transaction's own, unless it is in the trash, and reads it anew: after a deadlock the instance believes
   * what was not saved.
   */
  private async hold(client: TransactionClientContract) {
    await Post.lock(this.id, client)
    await this.useTransaction(client).refresh()
  }

  /**
   * Its hashtags become those of the caption, and of its author's own comments. Its row is written or locked before: of two
   * who change them one waits.
   */
  async linkHashtags(client: TransactionClientContract) {
    const own = Comment.query({ client }).where('postId', this.id).where('userId', this.userId).orderBy('id')
    // In the words of the index, so that what has none is not looked at.
    const tagged = own.whereRaw(`(text like '%#%' or text like '%＃%')`).select('text')
    const texts = (await tagged.pojo<{ text: string }>()).map(({ text }) => text)
    const { hashtags } = textEntities([this.caption, ...texts].join('\n'))
    await PostHashtag.replace(this.id, await Hashtag.named(hashtags, client), client)
  }

  /** Its hashtags and mentions become those of the caption. */
  private async linkCaption(client: TransactionClientContract) {
    await this.linkHashtags(client)
    const { usernames } = textEntities(this.caption)
    await Mention.replace({ postId: this.id, commentId: null, authorId: this.userId }, usernames, client)
  }

  /** Takes the media into the album, in their order; they must be the author's, and shown nowhere else yet. */
  private async own(ids: string[], client: TransactionClientContract) {
    const free = await Media.free().useTransaction(client).where('userId', this.userId).whereIn('id', ids).forUpdate()
    const taken = new Set(free.map(({ id }) => id))
    const strange = ids.map((id, index) => ({ id, index })).filter(({ id }) => !taken.has(id))
    if (strange.length > 0) {
      throw new Invalid(
        strange.map(({ index }) => ({
          field: `mediaIds.${index}`,
          rule: 'free',
          message: `The mediaIds.${index} field must name a medium that you uploaded and that no post shows yet`,
        }))
      )
    }
    for (const [position, id] of ids.entries()) {
      await Media.query({ client }).where('id', id).update({ postId: this.id, position })
    }
  }

  private async mediaById(ids: string[], client: TransactionClientContract): Promise<Map<string, Media>> {
    const media = await Media.query({ client }).where('postId', this.id).whereIn('id', ids)
    const found = new Map(media.map((each) => [each.id, each]))
    const strange = ids.findIndex((id) => !found.has(id))
    if (strange < 0) return found
    throw new Invalid([
      {
        field: `altTexts.${strange}.id`,
        rule: 'exists',
        message: `The altTexts.${strange}.id field must name a medium of this post`,
      },
    ])
  }
}
