import { compose } from '@adonisjs/core/helpers'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { PostHashtagSchema } from '#database/schema'
import { uuidv7, withUuid } from '#providers/portable/index'

export default class PostHashtag extends compose(PostHashtagSchema, withUuid) {
  /** Those of the post become these: what stays is not written again. */
  static async replace(postId: string, hashtagIds: string[], client: TransactionClientContract) {
    const had = (await this.query({ client }).where('postId', postId)).map(({ hashtagId }) => hashtagId)
    const gone = had.filter((id) => !hashtagIds.includes(id))
    const added = hashtagIds.filter((id) => !had.includes(id))
    if (gone.length > 0) await this.query({ client }).where('postId', postId).whereIn('hashtagId', gone).delete()
    const rows = added.map((id) => ({ id: uuidv7(), post_id: postId, hashtag_id: id }))
    if (rows.length > 0) await client.table('post_hashtags').multiInsert(rows)
  }
}
