import { compose } from '@adonisjs/core/helpers'
import { BaseModel, belongsTo, column, hasMany, hasManyThrough, hasOne, manyToMany } from '@adonisjs/lucid/orm'
import type { BelongsTo, HasMany, HasManyThrough, HasOne, ManyToMany } from '@adonisjs/lucid/types/relations'
import { SoftDelete, type SoftDeletes } from '#providers/soft_delete/index'

class Base extends BaseModel {
  static connection = 'trash'
  static selfAssignPrimaryKey = true
  @column({ isPrimary: true })
  declare id: string
  @column()
  declare name: string
}

export class User extends compose(Base, SoftDelete) {
  static table = 'sd_users'
  static softDeletes: SoftDeletes = { cascade: ['profile', 'posts', 'comments'], retention: '30d' }
  @column()
  declare handle: string | null
  @column()
  declare clubId: string | null
  @hasOne(() => Profile)
  declare profile: HasOne<typeof Profile>
  @hasMany(() => Post)
  declare posts: HasMany<typeof Post>
  @hasMany(() => Comment)
  declare comments: HasMany<typeof Comment>
  @hasManyThrough([() => Comment, () => Post])
  declare commentsOnPosts: HasManyThrough<typeof Comment>
  @belongsTo(() => Club)
  declare club: BelongsTo<typeof Club>
}

export class Profile extends compose(Base, SoftDelete) {
  static table = 'sd_profiles'
  @column()
  declare userId: string
  @belongsTo(() => User)
  declare user: BelongsTo<typeof User>
}

export class Post extends compose(Base, SoftDelete) {
  static table = 'sd_posts'
  static softDeletes: SoftDeletes = { cascade: ['comments'], retention: '30d' }
  @column()
  declare userId: string
  @column()
  declare score: number | null
  @belongsTo(() => User)
  declare user: BelongsTo<typeof User>
  @hasMany(() => Comment)
  declare comments: HasMany<typeof Comment>
  @manyToMany(() => Tag, { pivotTable: 'sd_post_tags' })
  declare tags: ManyToMany<typeof Tag>
}

export class Comment extends compose(Base, SoftDelete) {
  static table = 'sd_comments'
  static softDeletes: SoftDeletes = { cascade: ['replies'] }
  @column()
  declare userId: string
  @column()
  declare postId: string
  @column()
  declare parentId: string | null
  @belongsTo(() => User)
  declare user: BelongsTo<typeof User>
  @belongsTo(() => Post)
  declare post: BelongsTo<typeof Post>
  @belongsTo(() => Comment, { foreignKey: 'parentId' })
  declare parent: BelongsTo<typeof Comment>
  @hasMany(() => Comment, { foreignKey: 'parentId' })
  declare replies: HasMany<typeof Comment>
}

export class Tag extends compose(Base, SoftDelete) {
  static table = 'sd_tags'
  @manyToMany(() => Post, { pivotTable: 'sd_post_tags' })
  declare posts: ManyToMany<typeof Post>
}

/** A model without a trash. */
export class Club extends Base {
  static table = 'sd_clubs'
  @hasMany(() => User)
  declare users: HasMany<typeof User>
  @hasManyThrough([() => Post, () => User])
  declare posts: HasManyThrough<typeof Post>
}

export const MODELS = [User, Profile, Post, Comment, Tag] as const
