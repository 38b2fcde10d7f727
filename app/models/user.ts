import { compose } from '@adonisjs/core/helpers'
import { hasMany, hasOne } from '@adonisjs/lucid/orm'
import type { HasMany, HasOne } from '@adonisjs/lucid/types/relations'
import db from '@adonisjs/lucid/services/db'
import { UserSchema } from '#database/schema'
import { folded } from '#models/folded'
import Media from '#models/media'
import { Password } from '#models/password'
import Post from '#models/post'
import Profile from '#models/profile'
import Session from '#models/session'
import type { Counters } from '#providers/counter_cache/index'
import { withUuid } from '#providers/portable/index'

export default class User extends compose(UserSchema, withUuid) {
  static watched = ['username', 'role'] as const
  static counters: Counters = { postsCount: { of: () => Post, by: 'userId', unless: ['archivedAt'] } }

  @hasOne(() => Profile)
  declare profile: HasOne<typeof Profile>

  @hasMany(() => Post)
  declare posts: HasMany<typeof Post>

  @hasMany(() => Media)
  declare media: HasMany<typeof Media>

  @hasMany(() => Session)
  declare sessions: HasMany<typeof Session>

  /** The session of the request that this user was read for. */
  sessionId?: string

  private static withProfile() {
    return this.query().preload('profile', (profile) => profile.preload('avatar'))
  }

  static async signUp(account: { username: string; email: string; password: string; role?: User['role'] }) {
    const password = await Password.hash(account.password)
    return db.transaction(async (client) => {
      const user = await this.create(
        { role: 'member', postsCount: 0, ...account, ...keys(account), password },
        { client }
      )
      user.$setRelated('profile', await user.related('profile').create({}))
      return user
    })
  }

  static async logIn(login: string, password: string): Promise<User | null> {
    const user = await this.findBy(login.includes('@') ? 'emailKey' : 'usernameKey', folded(login))
    return (await Password.matches(user?.password, password)) ? user : null
  }

  static findByUsername(username: string) {
    return this.withProfile().where('usernameKey', folded(username)).firstOrFail()
  }

  static async page({ limit, cursor }: { limit: number; cursor?: string }) {
    const users = await this.withProfile()
      .if(cursor, (query) => query.where('id', '<', cursor!))
      .orderBy('id', 'desc')
      .limit(limit + 1)
    return { users: users.slice(0, limit), nextCursor: users.length > limit ? users[limit - 1].id : null }
  }

  async rename(names: { username?: string; email?: string }) {
    Object.assign(this, names, keys(names))
    await this.save()
  }

  /** Ends the sessions, which may be why the password changes, but for the one that it is changed in. */
  async changePassword(password: string, { except }: { except?: string } = {}) {
    const hashed = await Password.hash(password)
    await db.transaction(async (client) => {
      this.password = hashed
      await this.useTransaction(client).save()
      await Session.query({ client })
        .where('userId', this.id)
        .if(except, (query) => query.whereNot('id', except!))
        .delete()
    })
  }

  async delete() {
    const media = await Media.query().where('userId', this.id)
    await super.delete()
    await Media.removeFiles(media)
  }
}

function keys({ username, email }: { username?: string; email?: string }) {
  return {
    ...(username === undefined ? {} : { usernameKey: folded(username) }),
    ...(email === undefined ? {} : { emailKey: folded(email) }),
  }
}
