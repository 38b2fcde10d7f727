import { compose } from '@adonisjs/core/helpers'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DateTime } from 'luxon'
import { MentionSchema } from '#database/schema'
import User from '#models/user'
import { visibleUser } from '#models/visibility'
import { uuidv7, withUuid } from '#providers/portable/index'

/** Of a caption, or of a comment on the post. */
export interface Mentioning {
  postId: string
  commentId: string | null
  authorId: string
}

export default class Mention extends compose(MentionSchema, withUuid) {
  /** Those of the text become these: what stays keeps its row, so that nobody is told twice. */
  static async replace({ postId, commentId, authorId }: Mentioning, usernames: string[], client: Client) {
    const ofText = () => this.query({ client }).where({ postId, commentId })
    const people = await this.mentionable(usernames, authorId, client)
    const had = (await ofText()).map(({ userId }) => userId)
    const gone = had.filter((id) => !people.includes(id))
    const added = people.filter((id) => !had.includes(id))
    if (gone.length > 0) await ofText().whereIn('userId', gone).delete()
    const made = { created_at: DateTime.utc().toISO() }
    const rows = added.map((id) => ({ id: uuidv7(), post_id: postId, comment_id: commentId, user_id: id, ...made }))
    if (rows.length > 0) await client.table('mentions').multiInsert(rows)
  }

  /** Whom the author sees. Whether they see the text is for each read of it to say. */
  private static async mentionable(usernames: string[], authorId: string, client: Client): Promise<string[]> {
    if (usernames.length === 0) return []
    const people = User.query({ client }).whereRaw(visibleUser('users'), { viewer: authorId })
    return (await people.whereIn('usernameKey', usernames)).map(({ id }) => id)
  }
}

type Client = TransactionClientContract
