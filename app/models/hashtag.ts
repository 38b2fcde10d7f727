import { compose } from '@adonisjs/core/helpers'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DateTime } from 'luxon'
import { HashtagSchema } from '#database/schema'
import { NotFound } from '#exceptions/domain'
import { hashtagKey } from '#models/text_entities'
import type User from '#models/user'
import { seenBy, visiblePost } from '#models/visibility'
import { Statement, uuidv7, withUuid } from '#providers/portable/index'

export interface VisibleHashtag {
  name: string
  postsCount: number
}

const MOST_COUNTED = 10_000

const visible = new Statement<{ name: string; posts: number }>(
  'hashtag',
  `select name, (
     select cast(count(*) as integer) from (
       select 1 from post_hashtags tagged join posts on posts.id = tagged.post_id
       where tagged.hashtag_id = hashtags.id and ${visiblePost('posts')} limit ${MOST_COUNTED}) as seen) as posts
   from hashtags where name_key = :key`
)

export default class Hashtag extends compose(HashtagSchema, withUuid) {
  /** @throws NotFound where the viewer sees no post with it. */
  static async findVisible(name: string, viewer: User | null): Promise<VisibleHashtag> {
    const [found] = await visible.all({ key: hashtagKey(name), ...seenBy(viewer) })
    if (!found?.posts) throw new NotFound()
    return { name: found.name, postsCount: found.posts }
  }

  /** The ids of the tags, which are made where nobody has used them yet. */
  static async named(names: Map<string, string>, client: TransactionClientContract): Promise<string[]> {
    if (names.size === 0) return []
    // In one order, so that two who are the first to use the same ones cannot deadlock.
    const keys = [...names.keys()].sort()
    const made = { created_at: DateTime.utc().toISO() }
    const rows = keys.map((key) => ({ id: uuidv7(), name: names.get(key)!, name_key: key, ...made }))
    await client.table('hashtags').multiInsert(rows).onConflict('name_key').ignore()
    return (await this.query({ client }).whereIn('nameKey', keys)).map(({ id }) => id)
  }
}
