import { compose } from '@adonisjs/core/helpers'
import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { ProfileSchema } from '#database/schema'
import Media from '#models/media'
import { withUuid } from '#providers/portable/index'

export default class Profile extends compose(ProfileSchema, withUuid) {
  static watched = ['name', 'pronouns', 'bio', 'website', 'avatarId'] as const

  @belongsTo(() => Media, { foreignKey: 'avatarId' })
  declare avatar: BelongsTo<typeof Media>

  async replaceAvatar(avatar: Media | null) {
    const previous = this.avatarId ? await Media.find(this.avatarId) : null
    this.avatarId = avatar?.id ?? null
    await this.save()
    if (avatar) this.$setRelated('avatar', avatar)
    await previous?.delete()
  }
}
