import type { NormalizeConstructor } from '@adonisjs/core/types/helpers'
import type { BaseModel } from '@adonisjs/lucid/orm'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { DateTime } from 'luxon'
import { NotFound, Oneself } from '#exceptions/domain'
import { lockAccounts } from '#models/account_locks'
import Block from '#models/block'
import Follow from '#models/follow'
import FollowRequest from '#models/follow_request'
import Mute from '#models/mute'
import User from '#models/user'
import { seenBy, visibleUser } from '#models/visibility'

/**
 * A mixin for accounts: what one does to another. Nobody does it to themselves, and who does not see the other finds nobody to
 * do it to (`Oneself`, `NotFound`); to undo it one need not see them.
 */
export function withRelations<Model extends NormalizeConstructor<typeof BaseModel>>(superclass: Model) {
  class Relating extends superclass {
    /** Asks to, where the other is private. */
    async follow(this: User, other: User): Promise<void> {
      await pair(this, other, async (client) => {
        const { isPrivate } = await stillVisible(this, other, client)
        if (await Follow.joins(this, other, client)) return
        await (isPrivate ? FollowRequest : Follow).join(this, other, client)
      })
    }

    async unfollow(this: User, other: User): Promise<void> {
      await pair(this, other, (client) => part(this, other, client))
    }

    isFollowing(this: User, other: User): Promise<boolean> {
      return Follow.joins(this, other)
    }

    hasRequested(this: User, other: User): Promise<boolean> {
      return FollowRequest.joins(this, other)
    }

    async removeFollower(this: User, other: User): Promise<void> {
      await pair(this, other, async (client) => void (await Follow.between(other, this, client).delete()))
    }

    /** Ends what either follows or asked of the other. */
    async block(this: User, other: User): Promise<void> {
      await pair(this, other, async (client) => {
        if (await Block.joins(this, other, client)) return
        await stillVisible(this, other, client)
        await part(this, other, client)
        await part(other, this, client)
        await Block.join(this, other, client)
      })
    }

    async unblock(this: User, other: User): Promise<void> {
      await pair(this, other, async (client) => void (await Block.between(this, other, client).delete()))
    }

    isBlocking(this: User, other: User): Promise<boolean> {
      return Block.joins(this, other)
    }

    /** For good, unless until a moment; muting again changes it. */
    async mute(this: User, other: User, { until = null }: { until?: DateTime | null } = {}): Promise<void> {
      await pair(this, other, async (client) => {
        await stillVisible(this, other, client)
        await Mute.updateOrCreate({ muterId: this.id, mutedId: other.id }, { expiresAt: until }, { client })
      })
    }

    async unmute(this: User, other: User): Promise<void> {
      await pair(this, other, async (client) => void (await Mute.between(this, other, client).delete()))
    }

    async isMuting(this: User, other: User): Promise<boolean> {
      const mute = await Mute.between(this, other).first()
      return mute !== null && !mute.isExpired
    }
  }
  return Relating
}

async function pair(one: User, other: User, work: (client: TransactionClientContract) => Promise<void>) {
  if (one.id === other.id) throw new Oneself()
  await lockAccounts([one.id, other.id], work)
}

/** As it is now that nobody else can change it. */
async function stillVisible(viewer: User, other: User, client: TransactionClientContract): Promise<User> {
  const seen = await User.query({ client }).whereRaw(visibleUser('users'), seenBy(viewer)).where('id', other.id).first()
  if (!seen) throw new NotFound()
  return seen
}

async function part(one: User, other: User, client: TransactionClientContract) {
  await Follow.between(one, other, client).delete()
  await FollowRequest.between(one, other, client).delete()
}
