import { compose } from '@adonisjs/core/helpers'
import { hasMany, hasOne } from '@adonisjs/lucid/orm'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { HasMany, HasOne } from '@adonisjs/lucid/types/relations'
import db from '@adonisjs/lucid/services/db'
import { DateTime, Duration } from 'luxon'
import { UserSchema } from '#database/schema'
import { ChangedMeanwhile, Forbidden, Suspended, WrongCredentials } from '#exceptions/domain'
import { lockAccounts } from '#models/account_locks'
import { folded, foldedSkeleton } from '#models/folded'
import Comment from '#models/comment'
import Follow from '#models/follow'
import FollowRequest from '#models/follow_request'
import Media from '#models/media'
import { Password } from '#models/password'
import Post from '#models/post'
import Profile from '#models/profile'
import { withRelations } from '#models/relations'
import Session, { type StartOptions } from '#models/session'
import { blockedUser, seenBy, visibleUser } from '#models/visibility'
import { withVersion } from '#providers/conditional_requests/index'
import type { Counters } from '#providers/counter_cache/index'
import { withUuid } from '#providers/portable/index'
import { SoftDelete, type SoftDeletes } from '#providers/soft_delete/index'

/** How long a deleted account can be brought back by logging in. */
const RECOVERABLE = { days: 30 }

export default class User extends compose(UserSchema, withUuid, withVersion, SoftDelete, withRelations) {
  static watched = ['username', 'role'] as const
  static softDeletes: SoftDeletes = {
    cascade: ['posts', 'media', 'comments'],
    retention: Duration.fromObject(RECOVERABLE).toMillis(),
  }
  static counters: Counters = {
    postsCount: { of: () => Post, by: 'userId', unless: ['archivedAt'] },
    followersCount: { of: () => Follow, by: 'followedId' },
    followingCount: { of: () => Follow, by: 'followerId' },
  }

  @hasOne(() => Profile)
  declare profile: HasOne<typeof Profile>

  @hasMany(() => Post)
  declare posts: HasMany<typeof Post>

  @hasMany(() => Media)
  declare media: HasMany<typeof Media>

  @hasMany(() => Comment)
  declare comments: HasMany<typeof Comment>

  @hasMany(() => Session)
  declare sessions: HasMany<typeof Session>

  /** The session of the request that this user was read for. */
  sessionId?: string

  /** What the token of that session is good for. */
  scopes?: string[]

  private static withProfile() {
    return this.query().preload('profile', (profile) => profile.preload('avatar'))
  }

  static async signUp(account: { username: string; email: string; password: string; role?: User['role'] }) {
    const password = await Password.hash(account.password)
    return db.transaction(async (client) => {
      const user = await this.create(
        { role: 'member', ...NOTHING_YET, ...account, ...keys(account), password },
        { client }
      )
      user.$setRelated('profile', await user.related('profile').create({}))
      return user
    })
  }

  /** Whose name and password these are, also of an account that was deleted not long ago. */
  static async logIn(login: string, password: string): Promise<User | null> {
    const user = (await this.called(login).first()) ?? (await this.recoverable(login).first())
    return (await Password.matches(user?.password, password)) ? user : null
  }

  /** The account of this name or e-mail that was deleted last, and not too long ago. */
  static recoverable(login: string) {
    const since = DateTime.utc().minus(RECOVERABLE).toISO()
    return this.called(login).onlyTrashed().where('deletedAt', '>', since).orderBy('deletedAt', 'desc')
  }

  private static called(login: string) {
    return this.query().where(login.includes('@') ? 'emailKey' : 'usernameKey', folded(login))
  }

  static visibleTo(viewer: User | null) {
    return this.withProfile().whereRaw(visibleUser('users'), seenBy(viewer))
  }

  static blockedBy(viewer: User) {
    return this.withProfile().whereRaw(blockedUser('users'), seenBy(viewer))
  }

  /** For admins: whoever it is. */
  static findByUsername(username: string) {
    return this.query().where('usernameKey', folded(username)).firstOrFail()
  }

  static findVisible(username: string, viewer: User | null) {
    return this.visibleTo(viewer).where('usernameKey', folded(username)).firstOrFail()
  }

  /** Who is blocked already is found too, though not seen. */
  static findToBlock(username: string, viewer: User) {
    return this.query()
      .whereRaw(`(${visibleUser('users')} or ${blockedUser('users')})`, seenBy(viewer))
      .where('usernameKey', folded(username))
      .firstOrFail()
  }

  static findWithProfile(id: string) {
    return this.withProfile().where('id', id).firstOrFail()
  }

  static async page({ limit, cursor }: { limit: number; cursor?: string }, among = this.withProfile()) {
    const users = await among
      .if(cursor, (query) => query.where('id', '<', cursor!))
      .orderBy('id', 'desc')
      .limit(limit + 1)
    return { users: users.slice(0, limit), nextCursor: users.length > limit ? users[limit - 1].id : null }
  }

  get isPrivate(): boolean {
    return Boolean(this.privateSince)
  }

  get isSuspended(): boolean {
    return Boolean(this.suspendedAt)
  }

  /** Who goes public lets in all who asked to. */
  async edit({ isPrivate, ...names }: { username?: string; email?: string; isPrivate?: boolean }, versions?: string[]) {
    if (isPrivate === undefined) return this.rename(names, versions)
    const write = async (client: TransactionClientContract) => {
      await this.useTransaction(client).refresh()
      if (this.isPrivate !== isPrivate) this.privateSince = isPrivate ? DateTime.utc() : null
      await this.rename(names, versions)
    }
    await (isPrivate ? lockAccounts([this.id], write) : FollowRequest.acceptAll(this, write))
  }

  async rename(names: { username?: string; email?: string }, versions?: string[]) {
    Object.assign(this, names, keys(names))
    await this.saveAt(versions)
  }

  /** Brings a deleted account back, under other names where its own are taken. */
  async recover(names: { username?: string; email?: string }) {
    await this.locked(async () => {
      await this.rename(names)
      await this.restore()
    })
  }

  /**
   * Brings the account back where it was deleted before its password was looked at.
   *
   * @throws WrongCredentials where it has another password since, or was deleted since; Suspended; and Forbidden for the
   * scope "admin", unless they are one.
   */
  async logInWith(options: StartOptions) {
    return lockAccounts([this.id], async (client) => {
      const user = await User.query({ client }).withTrashed().where('id', this.id).first()
      if (user?.password !== this.password) throw new WrongCredentials()
      if (user.trashed && user.deletionId !== this.deletionId) throw new WrongCredentials()
      if (user.isSuspended) throw new Suspended()
      if (options.scopes?.includes('admin') && user.role !== 'admin') {
        throw new Forbidden('Only admins have the scope "admin".')
      }
      if (user.trashed) await user.restore()
      return Session.start(user, options, client)
    })
  }

  /**
   * Ends the sessions, which may be why the password changes, but for the one that it is changed in.
   *
   * @throws ChangedMeanwhile, in a session, where the password that was asked for there is not the current one any more.
   */
  async changePassword(password: string, { except }: { except?: string } = {}) {
    const [current, hashed] = [this.password, await Password.hash(password)]
    await this.locked(async (client) => {
      if (except && this.password !== current) throw new ChangedMeanwhile()
      this.password = hashed
      await this.save()
      await Session.query({ client })
        .where('userId', this.id)
        .if(except, (query) => query.whereNot('id', except!))
        .delete()
    })
  }

  /** Its sessions end; the account and what it made are seen by nobody until it is reinstated. */
  async suspend() {
    await this.locked(async (client) => {
      if (this.isSuspended) return
      await Session.query({ client }).where('userId', this.id).delete()
      this.suspendedAt = DateTime.utc()
      await this.save()
    })
  }

  async reinstate() {
    this.suspendedAt = null
    await this.save()
  }

  async delete() {
    await this.locked(async (client) => {
      await Session.query({ client }).where('userId', this.id).delete()
      await super.delete()
    })
  }

  /** A log-in that is under way is over before, and its session there to be ended; the next one sees what was done. */
  private locked(work: (client: TransactionClientContract) => Promise<void>) {
    const holding = async (client: TransactionClientContract) => {
      await this.useTransaction(client).refresh()
      await work(client)
    }
    return lockAccounts([this.id], holding, this.$trx)
  }
}

const NOTHING_YET = { postsCount: 0, followersCount: 0, followingCount: 0 }

function keys({ username, email }: { username?: string; email?: string }) {
  return {
    ...(username === undefined ? {} : { usernameKey: folded(username), usernameSkeleton: foldedSkeleton(username) }),
    ...(email === undefined ? {} : { emailKey: folded(email) }),
  }
}
