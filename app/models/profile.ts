import { compose } from '@adonisjs/core/helpers'
import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { ProfileSchema } from '#database/schema'
import Media, { type Details } from '#models/media'
import type User from '#models/user'
import { withVersion } from '#providers/conditional_requests/index'
import type { Picture } from '#providers/media/index'
import { withUuid } from '#providers/portable/index'

export default class Profile extends compose(ProfileSchema, withUuid, withVersion) {
  static watched = ['name', 'pronouns', 'bio', 'website', 'avatarId'] as const

  @belongsTo(() => Media, { foreignKey: 'avatarId' })
  declare avatar: BelongsTo<typeof Media>

  async edit(changes: Partial<Pick<Profile, 'name' | 'bio' | 'website' | 'pronouns'>>, versions?: string[]) {
    Object.assign(this, changes)
    await this.saveAt(versions)
  }

  /** The medium and what shows it are written together. */
  async uploadAvatar(owner: User, picture: Picture, details: Details) {
    return Media.upload(owner, picture, details, (avatar, client) => this.useTransaction(client).replaceAvatar(avatar))
  }

  async replaceAvatar(avatar: Media | null) {
    const previous = this.avatarId ? await Media.find(this.avatarId, { client: this.$trx }) : null
    this.avatarId = avatar?.id ?? null
    await this.save()
    if (avatar) this.$setRelated('avatar', avatar)
    await previous?.delete()
  }
}
