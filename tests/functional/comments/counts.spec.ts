import { randomInt } from 'node:crypto'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import Comment from '#models/comment'
import Post from '#models/post'
import { Threads, type Thread } from '#models/thread'
import User from '#models/user'
import { problemsOf } from '#tests/functional/comments/thread'
import { cleanUp, newcomer, publish } from '#tests/helpers'
import { randomOf } from '#tests/random'

const ACTIONS = 400
const PEOPLE = 6

interface Row {
  id: string
  parent_id: string | null
  user_id: string
  deleted_at: unknown
}

/** What a thread says of those below it, as its viewer sees them, with nothing but the rows of the tables. */
class Naive {
  static async on(postId: string) {
    const comments: Row[] = await db.from('comments').where('post_id', postId)
    const gone = await db
      .from('users')
      .where((query) => query.whereNotNull('suspended_at').orWhereNotNull('deleted_at'))
    const blocks = await db.from('blocks')
    return new Naive(comments, gone, blocks)
  }

  constructor(
    private comments: Row[],
    private gone: { id: string }[],
    private blocks: { blocker_id: string; blocked_id: string }[]
  ) {}

  threads(viewer: User | null) {
    const firsts = this.comments.filter((each) => each.parent_id === null)
    return firsts.flatMap((first) => {
      const below = this.below(first).filter((each) => this.sees(viewer, each)).length
      if (below === 0 && !this.sees(viewer, first)) return []
      return { id: first.id, below, replies: this.replies(first).filter((each) => this.sees(viewer, each)).length }
    })
  }

  private replies({ id }: Row) {
    return this.comments.filter((each) => each.parent_id === id)
  }

  private below(comment: Row): Row[] {
    return this.replies(comment).flatMap((reply) => [reply, ...this.below(reply)])
  }

  private sees(viewer: User | null, { user_id: writer, deleted_at: deletedAt }: Row) {
    const isBetween = ({ blocker_id: one, blocked_id: other }: (typeof this.blocks)[number]) =>
      (one === writer && other === viewer?.id) || (one === viewer?.id && other === writer)
    return deletedAt === null && !this.gone.some(({ id }) => id === writer) && !this.blocks.some(isBetween)
  }
}

/** The same of the threads as they are read. */
function summary({ id, repliesCount: replies, more, replies: first }: Thread) {
  return { id, below: more + first.filter(({ isLiving }) => isLiving).length, replies }
}

test.group('The counts of threads through a random history', (group) => {
  group.each.setup(cleanUp)

  test('are those of the comments that each viewer sees', async ({ client, assert }) => {
    const seed = Number(process.env.SEED ?? randomInt(2 ** 31))
    console.log(`    seed ${seed}`)
    const { pick, below } = randomOf(seed)
    const ada = await newcomer(client)
    const post = await Post.findOrFail((await publish(client, ada)).id)
    const people: User[] = []
    while (people.length < PEOPLE) people.push(await User.findOrFail((await newcomer(client)).id))

    const any = async (comments = Comment.query()) => {
      const all = await comments.where('postId', post.id).orderBy('id')
      return all.length > 0 ? pick(all) : null
    }
    const write = async () => {
      const author = pick(people)
      const parent = below(6) === 0 ? null : await any(Comment.visibleTo(author))
      await Comment.write(author, { post, parent, text: 'Hello' })
    }
    const user = () => db.from('users').where('id', pick(people).id)
    const actions: (() => Promise<unknown>)[] = [
      ...Array.from({ length: 8 }, () => write),
      async () => (await any())?.remove(pick(people)),
      async () => (await any())?.remove(pick(people)),
      async () => (await any(Comment.query().withTrashed()))?.restore(),
      // The oldest ones have the largest threads below them.
      async () => (await Comment.query().onlyTrashed().where('postId', post.id).orderBy('id').first())?.forceDelete(),
      async () => user().update({ suspended_at: new Date().toISOString() }),
      async () => user().update({ suspended_at: null }),
      async () => {
        const [one, other] = [pick(people), pick(people)]
        if (one.id !== other.id && (await User.visibleTo(one).where('id', other.id).first())) await one.block(other)
      },
      async () => db.from('blocks').where('blocker_id', pick(people).id).delete(),
    ]
    for (let index = 1; index <= ACTIONS; index++) {
      await pick(actions)()
      if (index % 10 > 0) continue
      const naive = await Naive.on(post.id)
      for (const viewer of [null, ...people]) {
        const { threads } = await Threads.on(post.id, viewer, { sort: 'oldest', limit: 1000 })
        assert.sameDeepMembers(threads.map(summary), naive.threads(viewer), `after action ${index}`)
      }
    }
    assert.isEmpty(await problemsOf(post.id))
  })
})
