import db from '@adonisjs/lucid/services/db'
import { NotFound } from '#exceptions/domain'
import Comment from '#models/comment'
import Post from '#models/post'
import { ThreadMembers, type Astray } from '#models/thread_members'
import type { Problem } from '#providers/nested_set/index'
import { inTransaction, UUID } from '#providers/portable/index'

const PAGE = 500
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000'

export interface Verified {
  postId: string
  problems: (Problem | Astray)[]
}

export interface Rebuilt {
  /** How many comments got another place. */
  placed: number
  /** How many came to the thread in which their place is. */
  brought: number
}

/** The comments of all posts, or of one: a tree for each, in the trash or not. */
export const Forest = {
  async size(postId?: string): Promise<number> {
    if (postId) return 1
    const [{ $extras }] = await Comment.query().withTrashed().countDistinct('post_id as total')
    return Number($extras.total)
  },

  async *verify(postId?: string): AsyncGenerator<Verified> {
    for await (const each of commented(postId)) {
      yield {
        postId: each,
        problems: [...(await Comment.findProblems(each)), ...(await ThreadMembers.findAstray(each))],
      }
    }
  },

  async *repair(postId?: string, { dryRun = false } = {}): AsyncGenerator<Verified & Rebuilt> {
    for await (const tree of this.verify(postId)) {
      const isSound = dryRun || tree.problems.length === 0
      yield { ...tree, ...(isSound ? { placed: 0, brought: 0 } : await rebuild(tree.postId)) }
    }
  },
}

/** The threads follow from the tree, and from its orphans, which become comments on the post itself. */
function rebuild(postId: string): Promise<Rebuilt> {
  return inTransaction(db.connection(), async (client) => {
    const placed = await Comment.fixTree(postId, { client })
    return { placed, brought: await ThreadMembers.mend(postId, client) }
  })
}

/** @throws NotFound */
async function existing(postId: string): Promise<string> {
  const post = UUID.test(postId) ? await Post.query().withTrashed().where('id', postId.toLowerCase()).first() : null
  if (!post) throw new NotFound(`There is no post "${postId}", in the trash or not: its id is the one in its address.`)
  return post.id
}

async function* commented(postId?: string): AsyncGenerator<string> {
  if (postId) return yield existing(postId)
  for (let after = BEFORE_ALL; ;) {
    const page = Comment.query().withTrashed().distinct('post_id').where('postId', '>', after).orderBy('post_id')
    const posts: { post_id: string }[] = await page.limit(PAGE).pojo()
    if (posts.length === 0) return
    for (const { post_id: id } of posts) yield id
    after = posts.at(-1)!.post_id
  }
}
