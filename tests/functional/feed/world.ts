import { randomBytes } from 'node:crypto'
import { DateTime } from 'luxon'
import Follow from '#models/follow'
import FollowRequest from '#models/follow_request'
import Media from '#models/media'
import Post from '#models/post'
import User from '#models/user'

interface KnownPost {
  id: string
  author: string
  isDeleted: boolean
  isArchived: boolean
}

/** People and what they did, kept in memory beside the database, from which a feed is computed naively. */
export class World {
  people: User[] = []
  posts: KnownPost[] = []
  #follows = new Set<string>()
  #requests = new Set<string>()
  #blocks = new Set<string>()
  #mutes = new Set<string>()
  #private = new Set<string>()
  #suspended = new Set<string>()

  constructor(private pick: <Item>(items: readonly Item[]) => Item) {}

  async populate(count: number) {
    for (let index = 0; index < count; index++) {
      const username = `citizen${index}`
      const account = { username, usernameKey: username, email: `${username}@example.org`, emailKey: username }
      const user = await User.create({
        ...account,
        ...{ password: 'none', role: 'member', postsCount: 0, followersCount: 0, followingCount: 0 },
      })
      await user.related('profile').create({})
      this.people.push(user)
    }
  }

  /** The newest first. */
  feedOf({ id }: User): string[] {
    return this.posts
      .filter(({ author, isDeleted, isArchived }) => {
        const isHeard = author === id || (this.#follows.has(pair(id, author)) && !this.#mutes.has(pair(id, author)))
        return isHeard && !isDeleted && !isArchived && !this.#suspended.has(author)
      })
      .map((post) => post.id)
      .sort()
      .reverse()
  }

  /** What there is to do, by how often it is done. */
  readonly actions: [number, () => Promise<void>][] = [
    [20, () => this.publish()],
    [6, () => this.deletePost()],
    [6, () => this.restorePost()],
    [4, () => this.archive()],
    [4, () => this.unarchive()],
    [30, () => this.follow()],
    [10, () => this.unfollow()],
    [3, () => this.removeFollower()],
    [8, () => this.answerRequest()],
    [3, () => this.block()],
    [3, () => this.unblock()],
    [4, () => this.mute()],
    [4, () => this.unmute()],
    [4, () => this.togglePrivacy()],
    [1, () => this.suspend()],
    [2, () => this.reinstate()],
  ]

  async publish() {
    const author = this.pick(this.people)
    const medium = await Media.create({ ...PICTURE, userId: author.id, folder: randomBytes(16).toString('hex') })
    const visibility = this.pick(['public', 'followers'] as const)
    const post = await Post.publish(author, { mediaIds: [medium.id], caption: '', visibility })
    this.posts.push({ id: post.id, author: author.id, isDeleted: false, isArchived: false })
  }

  async deletePost() {
    await this.#change(
      ({ isDeleted }) => !isDeleted,
      { isDeleted: true },
      (post) => post.delete()
    )
  }

  async restorePost() {
    await this.#change(
      ({ isDeleted }) => isDeleted,
      { isDeleted: false },
      (post) => post.restore()
    )
  }

  async archive() {
    await this.#change(isOpen, { isArchived: true }, (post) =>
      Post.query().where('id', post.id).update({ archivedAt: now() })
    )
  }

  async unarchive() {
    await this.#change(
      ({ isDeleted, isArchived }) => isArchived && !isDeleted,
      { isArchived: false },
      (post) => post.unarchive()
    )
  }

  async follow() {
    const [one, other] = this.#two()
    if (!this.#sees(one, other)) return
    await one.follow(other)
    if (this.#follows.has(pair(one.id, other.id))) return
    const made = this.#private.has(other.id) ? this.#requests : this.#follows
    made.add(pair(one.id, other.id))
  }

  async unfollow() {
    const [one, other] = this.#two()
    await one.unfollow(other)
    this.#sever(one, other)
  }

  async removeFollower() {
    const [one, other] = this.#two()
    await one.removeFollower(other)
    this.#follows.delete(pair(other.id, one.id))
  }

  async answerRequest() {
    const requests = await FollowRequest.query().orderBy('id')
    if (requests.length === 0) return
    const request = this.pick(requests)
    const accepts = this.pick([true, true, false])
    await (accepts ? request.accept() : request.drop())
    const between = pair(request.followerId, request.followedId)
    this.#requests.delete(between)
    if (accepts) this.#follows.add(between)
  }

  async block() {
    const [one, other] = this.#two()
    if (!this.#sees(one, other)) return
    await one.block(other)
    this.#blocks.add(pair(one.id, other.id))
    this.#sever(one, other)
    this.#sever(other, one)
  }

  async unblock() {
    const [one, other] = this.#two()
    await one.unblock(other)
    this.#blocks.delete(pair(one.id, other.id))
  }

  async mute() {
    const [one, other] = this.#two()
    if (!this.#sees(one, other)) return
    const isOver = this.pick([false, false, true])
    await one.mute(other, { until: isOver ? DateTime.utc().minus({ minutes: 1 }) : null })
    if (isOver) this.#mutes.delete(pair(one.id, other.id))
    else this.#mutes.add(pair(one.id, other.id))
  }

  async unmute() {
    const [one, other] = this.#two()
    await one.unmute(other)
    this.#mutes.delete(pair(one.id, other.id))
  }

  async togglePrivacy() {
    const person = this.pick(this.people)
    const isPrivate = !this.#private.has(person.id)
    await person.edit({ isPrivate })
    if (isPrivate) return void this.#private.add(person.id)
    this.#private.delete(person.id)
    for (const request of [...this.#requests].filter((each) => each.endsWith(person.id))) {
      this.#requests.delete(request)
      this.#follows.add(request)
    }
  }

  async suspend() {
    const person = this.pick(this.people)
    await person.suspend()
    this.#suspended.add(person.id)
  }

  async reinstate() {
    const person = this.pick(this.people)
    await person.reinstate()
    this.#suspended.delete(person.id)
  }

  /** The relations as the database has them are those that were made. */
  async differences(): Promise<string[]> {
    const kept = new Set((await Follow.all()).map((each) => pair(each.followerId, each.followedId)))
    return [...kept.symmetricDifference(this.#follows)]
  }

  async #change(which: (post: KnownPost) => boolean, to: Partial<KnownPost>, how: (post: Post) => Promise<unknown>) {
    const known = this.posts.filter(which)
    if (known.length === 0) return
    const chosen = this.pick(known)
    await how(await Post.query().withTrashed().where('id', chosen.id).firstOrFail())
    Object.assign(chosen, to)
  }

  #two(): [User, User] {
    const one = this.pick(this.people)
    return [one, this.pick(this.people.filter((each) => each !== one))]
  }

  #sees(one: User, other: User) {
    const isBlocked = this.#blocks.has(pair(one.id, other.id)) || this.#blocks.has(pair(other.id, one.id))
    return !isBlocked && !this.#suspended.has(other.id)
  }

  #sever(one: User, other: User) {
    this.#follows.delete(pair(one.id, other.id))
    this.#requests.delete(pair(one.id, other.id))
  }
}

const PICTURE = {
  ...{ width: 1, height: 1, blurhash: 'L', dominantColor: '#000000', altText: null, focalX: 0.5, focalY: 0.5 },
  variants: [],
}

const isOpen = ({ isDeleted, isArchived }: KnownPost) => !isDeleted && !isArchived
const now = () => DateTime.utc().toISO()
const pair = (one: string, other: string) => `${one} ${other}`
