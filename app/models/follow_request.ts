import { compose } from '@adonisjs/core/helpers'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DateTime } from 'luxon'
import { FollowRequestSchema } from '#database/schema'
import { lockAccounts } from '#models/account_locks'
import { edge, type Account } from '#models/edge'
import Follow from '#models/follow'
import type User from '#models/user'
import { seenBy, visibleUser } from '#models/visibility'
import { uuidv7, withUuid } from '#providers/portable/index'

/** SQLite takes 500 rows in one insert at most. */
const AT_ONCE = 400

export default class FollowRequest extends compose(FollowRequestSchema, withUuid, edge('followerId', 'followedId')) {
  static findIncoming(id: string, viewer: User) {
    return this.visibleTo(viewer).where('followedId', viewer.id).where('id', id).firstOrFail()
  }

  static findOfEither(id: string, viewer: User) {
    return this.visibleTo(viewer).where('id', id).firstOrFail()
  }

  /** Where the viewer is one of the two, and sees the other. */
  private static visibleTo(viewer: User) {
    return this.query().whereRaw(
      `(follower_id = :viewer or followed_id = :viewer) and exists (
         select 1 from users other
         where other.id = case when follower_id = :viewer then followed_id else follower_id end and ${visibleUser('other')})`,
      seenBy(viewer)
    )
  }

  /**
   * Accepts whoever asks to follow the account, together with `work`. Who asks while it waits for the locks of those before
   * would be locked out of order: it begins again with them.
   */
  static async acceptAll(
    account: Account,
    work: (client: TransactionClientContract) => Promise<void>,
    asking?: Set<string>
  ): Promise<void> {
    const locked = asking ?? (await this.askersOf(account))
    const missed = await lockAccounts([account.id, ...locked], async (client) => {
      const all = await this.askersOf(account, client)
      if (!all.isSubsetOf(locked)) return all
      await work(client)
      await this.acceptFrom([...all], account, client)
      return null
    })
    if (missed) await this.acceptAll(account, work, missed)
  }

  private static async askersOf({ id }: Account, client?: TransactionClientContract): Promise<Set<string>> {
    const requests = await this.query({ client }).where('followedId', id).orderBy('id')
    return new Set(requests.map(({ followerId }) => followerId))
  }

  private static async acceptFrom(askers: string[], { id }: Account, client: TransactionClientContract) {
    const createdAt = DateTime.utc().toISO()
    for (let start = 0; start < askers.length; start += AT_ONCE) {
      const ids = askers.slice(start, start + AT_ONCE)
      await this.query({ client }).where('followedId', id).whereIn('followerId', ids).delete()
      await client
        .insertQuery()
        .table(Follow.table)
        .multiInsert(ids.map((each) => ({ id: uuidv7(), follower_id: each, followed_id: id, created_at: createdAt })))
    }
  }

  /** Nothing happens to a request that is not there any more. */
  async accept() {
    const { followerId, followedId } = this
    await lockAccounts([followerId, followedId], async (client) => {
      const [accepted] = await FollowRequest.query({ client }).where('id', this.id).delete()
      if (accepted) await Follow.join({ id: followerId }, { id: followedId }, client)
    })
  }

  /** Who was asked refuses, who asked withdraws. */
  async drop() {
    await lockAccounts([this.followerId, this.followedId], async (client) => {
      await FollowRequest.query({ client }).where('id', this.id).delete()
    })
  }
}
