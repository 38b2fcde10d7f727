import { compose } from '@adonisjs/core/helpers'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import db from '@adonisjs/lucid/services/db'
import { DateTime } from 'luxon'
import { CommentSchema } from '#database/schema'
import { Forbidden, NotFound, NotPinnable, TooDeep } from '#exceptions/domain'
import CommentLike from '#models/comment_like'
import Mention from '#models/mention'
import Post from '#models/post'
import { ThreadMembers } from '#models/thread_members'
import { textEntities } from '#models/text_entities'
import User from '#models/user'
import { listedComment, onVisiblePost, seenBy, visibleComment } from '#models/visibility'
import type { Counters } from '#providers/counter_cache/index'
import { NestedSet } from '#providers/nested_set/index'
import { inTransaction, retryDeadlocks, uuidv7, withUuid } from '#providers/portable/index'
import { E_PARENT_TRASHED, SoftDelete, type SoftDeletes } from '#providers/soft_delete/index'

/** A comment on the post itself is on the first. */
export const MAX_LEVELS = 64

/** Replies stay when what they answer is deleted: they do not go along with it. */
export default class Comment extends compose(CommentSchema, withUuid, SoftDelete, NestedSet('postId')) {
  static watched = ['postId', 'userId', 'parentId', 'text'] as const
  static softDeletes: SoftDeletes = {
    retention: '30d',
    beforePurge: (gone, client) => ThreadMembers.split(gone, client),
  }
  static counters: Counters = {
    likesCount: { of: () => CommentLike, by: 'commentId' },
    repliesCount: { of: () => Comment, by: 'parentId' },
    threadCount: { of: () => Comment, by: 'threadId' },
  }

  @belongsTo(() => User)
  declare author: BelongsTo<typeof User>

  @belongsTo(() => Post)
  declare post: BelongsTo<typeof Post>

  /** Now that the tree is held: what it answers may have changed its thread since it was read. */
  @beforeCreate()
  static async joinThread(comment: Comment) {
    comment.threadId = null
    if (comment.parentId === null) return
    const parents = Comment.query({ client: comment.$trx }).withTrashed().where('id', comment.parentId)
    const { id, threadId } = await parents.firstOrFail()
    comment.threadId = threadId ?? id
  }

  static visibleTo(viewer: User | null) {
    return this.query().whereRaw(visibleComment('comments'), seenBy(viewer))
  }

  static findVisible(id: string, viewer: User | null) {
    return this.visibleTo(viewer).where('id', id).firstOrFail()
  }

  /** One that the viewer sees, or whose tombstone they see. */
  static findListed(id: string, viewer: User | null) {
    const listed = `${listedComment('comments')} and ${onVisiblePost('comments')}`
    return this.query().withTrashed().whereRaw(listed, seenBy(viewer)).where('id', id).firstOrFail()
  }

  static async findOwn(id: string, viewer: User) {
    const comment = await this.findVisible(id, viewer)
    if (comment.userId !== viewer.id) throw new Forbidden()
    return comment
  }

  static async findOnOwnPost(id: string, viewer: User) {
    const comment = await this.findVisible(id, viewer)
    await comment.load('post')
    if (comment.post.userId !== viewer.id) throw new Forbidden()
    return comment
  }

  static async findRemovable(id: string, viewer: User) {
    const comment = await this.findVisible(id, viewer)
    return comment.userId === viewer.id ? comment : this.findOnOwnPost(id, viewer)
  }

  /** Who removed it may take that back: its writer cannot undo what the author of the post decided. */
  static findRestorable(id: string, viewer: User) {
    return this.query()
      .withTrashed()
      .whereRaw(onVisiblePost('comments'), seenBy(viewer))
      .where('id', id)
      .where((mine) =>
        mine.where('removedById', viewer.id).orWhere((own) => own.where('userId', viewer.id).whereNull('deletedAt'))
      )
      .firstOrFail()
  }

  /** @throws CommentsLocked, TooDeep; NotFound for what is gone by now. */
  static async write(author: User, { post, parent, text }: { post: Post; parent: Comment | null; text: string }) {
    post.requireUnlocked(author)
    if (parent && parent.depth + 1 >= MAX_LEVELS) throw new TooDeep(MAX_LEVELS)
    const row = { postId: post.id, userId: author.id, text, likesCount: 0, repliesCount: 0, threadCount: 0 }
    return inTransaction(db.connection(), async (client) => {
      const comment = new Comment().fill(row).useTransaction(client)
      await (parent ? comment.appendTo(parent) : comment.makeRoot())
      await comment.requireOpen(author, client)
      await comment.linkText(client)
      return comment
    }).catch(asNotFound)
  }

  get isPinned(): boolean {
    return this.pinnedAt !== null
  }

  /** @throws CommentsLocked, TooDeep; NotFound for what is gone by now. */
  async reply(author: User, text: string) {
    return Comment.write(author, { post: await Post.findOrFail(this.postId), parent: this, text })
  }

  async edit({ text }: { text: string }) {
    await inTransaction(db.connection(), async (client) => {
      const comment = await this.hold(client)
      if (text === comment.text) return
      const texts = [comment.text, text]
      await comment.merge({ text, editedAt: DateTime.utc() }).save()
      await comment.linkText(client, texts)
    })
  }

  async remove(viewer: User) {
    await inTransaction(db.connection(), async (client) => {
      const comment = await this.hold(client)
      await this.ownRow(client).update({ removedById: viewer.id, pinnedAt: null })
      await this.ownRow(client).delete()
      await comment.linkHashtags(client)
    })
  }

  async restore() {
    await inTransaction(db.connection(), async (client) => {
      await Post.lock(this.postId, client)
      this.useTransaction(client)
      await super.restore()
      await (await this.ownRow(client).firstOrFail()).linkHashtags(client)
    }).catch(asNotFound)
  }

  /** Takes the place of the one that was pinned before. */
  async pin() {
    if (this.parentId !== null) throw new NotPinnable()
    await inTransaction(db.connection(), async (client) => {
      // Of two pins at once the later one stays.
      await this.hold(client)
      const others = Comment.query({ client }).withTrashed().where('postId', this.postId).whereNot('id', this.id)
      await others.whereNotNull('pinnedAt').update({ pinnedAt: null })
      await this.ownRow(client).update({ pinnedAt: DateTime.utc().toISO() })
    })
    await this.refresh()
  }

  async unpin() {
    this.pinnedAt = null
    await this.save()
  }

  async like(viewer: User) {
    const row = { id: uuidv7(), comment_id: this.id, user_id: viewer.id, created_at: DateTime.utc().toISO() }
    await retryDeadlocks(db.connection(), () =>
      db.table(CommentLike.table).insert(row).onConflict(['comment_id', 'user_id']).ignore()
    )
  }

  async unlike(viewer: User) {
    await CommentLike.query().where('commentId', this.id).where('userId', viewer.id).delete()
  }

  async isLikedBy(viewer: User): Promise<boolean> {
    return (await CommentLike.query().where('commentId', this.id).where('userId', viewer.id).first()) !== null
  }

  /** It has waited for the tree, and counts on the post by now: who locks or removes that comes before this look, or waits. */
  private async requireOpen(author: User, client: TransactionClientContract) {
    const post = await Post.visibleTo(author).useTransaction(client).where('id', this.postId).firstOrFail()
    post.requireUnlocked(author)
    if (this.parentId === null) return
    await Comment.visibleTo(author).useTransaction(client).where('id', this.parentId).firstOrFail()
  }

  /**
   * The comment as it is now, which stays so: since it was read it may have been removed, or say something else. Another
   * instance on each try after a deadlock: this one would believe that it was saved.
   */
  private async hold(client: TransactionClientContract) {
    await Post.lock(this.postId, client)
    const comment = this.ownRow(client)
    comment.knexQuery.forNoKeyUpdate()
    return comment.firstOrFail()
  }

  private ownRow(client: TransactionClientContract) {
    return Comment.query({ client }).where('id', this.id)
  }

  /** @param texts what it said before, and what it says now. */
  private async linkText(client: TransactionClientContract, texts = [this.text]) {
    const { usernames } = textEntities(this.text)
    await Mention.replace({ postId: this.postId, commentId: this.id, authorId: this.userId }, usernames, client)
    await this.linkHashtags(client, texts)
  }

  /** What the author of a post says below it can put it under a hashtag, as its caption does; what others say cannot. */
  private async linkHashtags(client: TransactionClientContract, texts = [this.text]) {
    if (!texts.some(hasHashtags)) return
    const post = await Post.lock(this.postId, client)
    if (post.userId === this.userId) await post.linkHashtags(client)
  }
}

/** Who wrote it, or what it is on, is in the trash: that is for their owner alone to know. */
function asNotFound(error: unknown): never {
  throw error instanceof E_PARENT_TRASHED ? new NotFound() : error
}

function hasHashtags(text: string): boolean {
  return textEntities(text).hashtags.size > 0
}
