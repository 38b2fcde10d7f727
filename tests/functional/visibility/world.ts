import { randomBytes } from 'node:crypto'
import db from '@adonisjs/lucid/services/db'
import PostModel from '#models/post'
import Session from '#models/session'
import { keyOf } from '#models/stored_file'
import User from '#models/user'
import { uuidv7 } from '#providers/portable/index'
import storage from '#providers/storage/service'
import { type Account, Eyes, type Pair, type Post, type Relations } from '#tests/functional/visibility/eyes'

/** How the viewer stands to the owner. Where there is a block, or no owner any more, a follow that was left behind opens nothing. */
export const RELATIONS = {
  anonymous: {},
  stranger: {},
  follower: { follows: true },
  requested: { requests: true },
  muting: { follows: true, mutes: true },
  'muting stranger': { mutes: true },
  blocked: { follows: true, isBlocked: true },
  blocking: { follows: true, blocks: true },
  self: {},
  'of a suspended owner': { follows: true, isSuspended: true },
  'of a deleted owner': { follows: true, isDeleted: true },
} satisfies Record<string, Standing>

export const STATES = ['public', 'followers', 'archived', 'deleted'] as const

export interface Combination {
  relation: keyof typeof RELATIONS
  state: (typeof STATES)[number]
  isPrivate: boolean
}

interface Standing {
  follows?: boolean
  requests?: boolean
  mutes?: boolean
  isBlocked?: boolean
  blocks?: boolean
  isSuspended?: boolean
  isDeleted?: boolean
}

export type Kind =
  'account' | 'post' | 'medium' | 'file' | 'comment' | 'hashtag' | 'session' | 'followRequest' | 'row of a relation'

/** Something that an answer may show, or give away. */
export interface Thing {
  kind: Kind
  /** What stands for it in an address. */
  name: string
  /** What gives it away, wherever it stands in an answer: ids, and words that nothing else has. */
  marks: string[]
  /** Whose it is, or the account itself. */
  of: Account
  isSeen: (eyes: Eyes) => boolean
  /** What its own address answers, where that is not whether it is seen: `either` where it is nobody's secret. */
  isThere?: (eyes: Eyes) => boolean | 'either'
  counts?: (eyes: Eyes) => Record<string, number>
}

/** A comment. What has replies is by the third person, whom everybody sees: nothing is a tombstone. */
interface Remark {
  id: string
  writer: Account
  on: Post
  parent?: Remark
}

/** A word that nothing else has. */
export const newMark = () => `mark${randomBytes(6).toString('hex')}`

export const newFolder = () => randomBytes(16).toString('hex')

export const COMMON_TAG = newMark()

const NOW = '2026-01-01T00:00:00.000+00:00'
const VARIANTS = ['square', 'medium', 'full']
const fileOf = (variant: string) => `${variant}-0123456789abcdef.webp`
const EDITED = new Set(['users', 'posts', 'media', 'profiles', 'comments'])

/** An owner with all that one can have, a viewer, and others whom both know: rows, and what may be said of them. */
export class World implements Relations {
  readonly accounts: Account[] = []
  readonly posts: Post[] = []
  readonly things: Thing[] = []
  readonly follows: Pair[] = []
  readonly blocks: Pair[] = []
  readonly mutes: Pair[] = []
  readonly requests: Pair[] = []
  readonly likes: [Account, Post][] = []
  readonly bookmarks: [Account, Post][] = []
  readonly comments: Remark[] = []

  eyes: Eyes
  everybody = new Eyes(null, this)

  #rows = new Map<string, object[]>()
  #files: string[] = []
  #asking = newAccount()

  private constructor(
    readonly viewer: Account | null,
    readonly owner: Account
  ) {
    this.eyes = new Eyes(viewer, this)
  }

  static async build({ relation, state, isPrivate }: Combination): Promise<World> {
    const standing: Standing = RELATIONS[relation]
    const owner = { ...newAccount(), isPrivate, isSuspended: standing.isSuspended ?? false }
    const viewer = { anonymous: null, self: owner }[relation as string]
    const world = new World(viewer === undefined ? newAccount() : viewer, owner)
    const subject = world.populate(state)
    world.relate(standing)
    await world.save()
    if (state === 'deleted') for (const post of subject) await (await PostModel.findOrFail(post.id)).delete()
    if (standing.isDeleted) await world.deleteOwner()
    owner.isDeleted = standing.isDeleted ?? false
    return world
  }

  /** A post in the state that is tried. */
  get subject(): Post {
    return this.posts[1]
  }

  /** Whose things are asked for by name; the others only stand in lists. */
  get principals(): Account[] {
    return this.accounts.filter((account) => account !== this.#asking)
  }

  /** The headers with which the viewer asks. */
  async headers(): Promise<Record<string, string>> {
    for (const account of this.viewer === this.owner ? [this.owner] : [this.viewer, this.owner]) {
      if (account && !account.isDeleted) await this.logIn(account)
    }
    return this.viewer ? { authorization: `Bearer ${await this.logIn(this.viewer)}` } : {}
  }

  /** The owner's posts in question, between two that are public, so that pages have a border next to them. */
  private populate(state: Combination['state']): Post[] {
    const { owner, viewer } = this
    const [third, asking, enemy] = [newAccount(), this.#asking, newAccount()]
    for (const each of [owner, third, asking, enemy, ...(viewer && viewer !== owner ? [viewer] : [])])
      this.addAccount(each)

    this.addPost(owner)
    const subject = [this.addPost(owner, { state }), this.addPost(owner, { state, isPinned: state !== 'archived' })]
    this.addPost(owner)
    const meeting = this.addPost(third)
    this.addPost(third, { state: 'followers' })
    this.addHashtag(COMMON_TAG, this.posts)
    for (const post of this.posts) {
      this.comment(owner, post, { lft: 1, rgt: 2 })
      const parent = this.comment(third, post, { lft: 3, rgt: 8 })
      this.comment(third, post, { parent, lft: 4, rgt: 5 })
      this.comment(owner, post, { parent, lft: 6, rgt: 7 })
      this.like(owner, post)
      this.like(third, post)
      if (viewer && viewer !== owner) {
        this.like(viewer, post)
        this.bookmark(viewer, post)
      }
    }
    this.bookmark(owner, meeting)
    for (const [from, to] of [[owner, third], [third, owner], ...(viewer && viewer !== owner ? [[viewer, third]] : [])])
      this.pair('follows', from, to)
    if (owner.isPrivate) this.request(asking, owner)
    this.pair('mutes', owner, asking)
    this.pair('blocks', owner, enemy)
    return subject
  }

  private relate({ follows, requests, mutes, isBlocked, blocks }: Standing) {
    const { viewer, owner } = this
    if (follows) this.pair('follows', viewer!, owner)
    if (requests) this.request(viewer!, owner)
    if (mutes) this.pair('mutes', viewer!, owner)
    if (isBlocked) this.pair('blocks', owner, viewer!)
    if (blocks) this.pair('blocks', viewer!, owner)
  }

  private addAccount(account: Account) {
    const { id, username, isPrivate, isSuspended } = account
    const email = newMark()
    const [name, bio, website, pronouns, alt] = Array.from({ length: 5 }, newMark)
    this.accounts.push(account)
    this.insert('users', {
      ...{ id, username, username_key: username, email: `${email}@example.org`, email_key: `${email}@example.org` },
      ...{ password: 'none', role: 'member', posts_count: 0, followers_count: 0, following_count: 0 },
      ...{ private_since: isPrivate ? NOW : null, suspended_at: isSuspended ? NOW : null },
    })
    const isSeen = (eyes: Eyes) => eyes.account(account)
    const avatar = this.medium(account, null, alt, (eyes) => eyes.viewer === account && isSeen(eyes))
    this.addFiles(account, avatar.folder, isSeen)
    const words = { name: `N. ${name}`, bio, website: `https://example.org/${website}`, pronouns }
    this.insert('profiles', { id: uuidv7(), user_id: id, avatar_id: avatar.id, ...words })
    this.things.push({
      kind: 'account',
      name: username,
      marks: [id, username, name, bio, website, pronouns, avatar.folder],
      of: account,
      isSeen,
      // The same for everyone: how many there are, and not which.
      counts: () => ({
        posts: this.posts.filter((post) => post.author === account && !post.isDeleted && !post.isArchived).length,
        followers: this.follows.filter(([, to]) => to === account).length,
        following: this.follows.filter(([from]) => from === account).length,
      }),
    })
    this.secret(account, [email])
  }

  private addPost(
    author: Account,
    { state = 'public', isPinned = false }: { state?: Combination['state']; isPinned?: boolean } = {}
  ): Post {
    const post = {
      ...{ id: uuidv7(), author, tag: newMark() },
      isForFollowers: state === 'followers',
      isArchived: state === 'archived',
      isDeleted: state === 'deleted',
    }
    const { id, tag } = post
    const [words, alt] = [newMark(), newMark()]
    const isSeen = (eyes: Eyes) => eyes.post(post)
    this.posts.push(post)
    this.insert('posts', {
      ...{ id, user_id: author.id, caption: `${words} #${tag} #${COMMON_TAG}`, likes_count: 0, comments_count: 0 },
      visibility: post.isForFollowers ? 'followers' : 'public',
      archived_at: post.isArchived ? NOW : null,
      pinned_at: isPinned ? NOW : null,
    })
    const medium = this.medium(author, id, alt, isSeen)
    this.addFiles(author, medium.folder, isSeen)
    this.things.push({
      ...{ kind: 'post', name: id, marks: [id, words], of: author, isSeen },
      counts: () => ({
        media: 1,
        likes: this.likes.filter(([, liked]) => liked === post).length,
        comments: this.comments.filter(({ writer, on }) => on === post && !writer.isDeleted).length,
      }),
    })
    this.addHashtag(tag, [post])
    return post
  }

  private addHashtag(name: string, posts: Post[]) {
    const id = uuidv7()
    this.insert('hashtags', { id, name, name_key: name })
    for (const post of posts) this.insert('post_hashtags', { id: uuidv7(), post_id: post.id, hashtag_id: id })
    const seen = (eyes: Eyes) => posts.filter((post) => eyes.post(post)).length
    this.things.push({
      ...{ kind: 'hashtag', name, marks: [id, name], of: posts.at(-1)!.author },
      isSeen: (eyes) => seen(eyes) > 0,
      counts: (eyes) => ({ posts: seen(eyes) }),
    })
  }

  /** Its own address is for its owner, and no secret of those who see it in a post. */
  private medium(owner: Account, postId: string | null, alt: string, isSeen: Thing['isSeen']) {
    const [id, folder] = [uuidv7(), newFolder()]
    const variants = VARIANTS.map((name) => ({ name, format: 'webp', width: 4, height: 3, file: fileOf(name) }))
    this.insert('media', {
      ...{ id, user_id: owner.id, post_id: postId, position: postId && 0, folder, width: 4, height: 3, alt_text: alt },
      ...{ blurhash: 'LEHV6nWB2yk8', dominant_color: '#123456', focal_x: 0.5, focal_y: 0.5 },
      variants: JSON.stringify(variants),
    })
    const marks = postId ? [id, folder, alt] : [id, alt]
    const isThere = (eyes: Eyes) => isSeen(eyes) && (eyes.viewer === owner || ('either' as const))
    this.things.push({ kind: 'medium', name: id, marks, of: owner, isSeen, isThere })
    return { id, folder }
  }

  /** Without a signature, for everybody or nobody. */
  private addFiles(owner: Account, folder: string, isSeen: Thing['isSeen']) {
    const keys = VARIANTS.map((name) => keyOf(folder, fileOf(name)))
    this.#files.push(...keys)
    this.things.push({
      kind: 'file',
      name: keys[0],
      marks: [],
      of: owner,
      isSeen,
      isThere: () => isSeen(this.everybody),
    })
  }

  private comment(writer: Account, on: Post, { parent, ...bounds }: { parent?: Remark; lft: number; rgt: number }) {
    const remark: Remark = { id: uuidv7(), writer, on, parent }
    const [{ id }, text] = [remark, newMark()]
    this.comments.push(remark)
    this.insert('comments', {
      ...{ id, post_id: on.id, user_id: writer.id, text, likes_count: 0, replies_count: 0, thread_count: 0 },
      ...{ parent_id: parent?.id ?? null, thread_id: parent?.id ?? null, depth: parent ? 1 : 0, ...bounds },
    })
    const isSeen = (eyes: Eyes) => eyes.post(on) && eyes.account(writer)
    const counts = (eyes: Eyes) => {
      const replies = this.comments.filter((each) => each.parent === remark && eyes.account(each.writer))
      return { likes: 0, replies: replies.length, more: 0 }
    }
    this.things.push({ kind: 'comment', name: id, marks: [id, text], of: writer, isSeen, counts })
    return remark
  }

  private like(liker: Account, post: Post) {
    this.likes.push([liker, post])
    const id = this.relation('post_likes', { post_id: post.id, user_id: liker.id })
    this.mark(liker, id, (eyes) => eyes.post(post) && eyes.account(liker))
  }

  private bookmark(keeper: Account, post: Post) {
    this.bookmarks.push([keeper, post])
    const id = this.relation('bookmarks', { post_id: post.id, user_id: keeper.id })
    this.mark(keeper, id, (eyes) => eyes.viewer === keeper && eyes.post(post))
  }

  private request(from: Account, to: Account) {
    this.requests.push([from, to])
    const id = this.relation('follow_requests', { follower_id: from.id, followed_id: to.id })
    const isSeen = (eyes: Eyes) => [from, to].includes(eyes.viewer!) && eyes.account(from) && eyes.account(to)
    this.things.push({ kind: 'followRequest', name: id, marks: [id], of: from, isSeen })
  }

  private pair(relation: 'follows' | 'blocks' | 'mutes', from: Account, to: Account) {
    this[relation].push([from, to])
    const [one, other] = { follows: 'follower followed', blocks: 'blocker blocked', mutes: 'muter muted' }[
      relation
    ].split(' ')
    const id = this.relation(relation, { [`${one}_id`]: from.id, [`${other}_id`]: to.id })
    if (relation === 'follows') this.mark(from, id, (eyes) => eyes.account(from) && eyes.account(to))
    else this.secret(from, [id])
  }

  private relation(table: string, columns: object): string {
    const id = uuidv7()
    this.insert(table, { id, ...columns })
    return id
  }

  private mark(of: Account, id: string, isSeen: Thing['isSeen']) {
    this.things.push({ kind: 'row of a relation', name: id, marks: [id], of, isSeen })
  }

  /** What only its owner is told. */
  private secret(of: Account, marks: string[]) {
    this.things.push({ kind: 'row of a relation', name: marks[0], marks, of, isSeen: (eyes) => eyes.viewer === of })
  }

  private async deleteOwner() {
    await (await User.findOrFail(this.owner.id)).delete()
    // One that was published at that very moment lives on, and is nobody's to see.
    const living = { deleted_at: null, deletion_id: null }
    await db.from('posts').where('id', this.posts[0].id).update(living)
    await db.from('media').where('post_id', this.posts[0].id).update(living)
  }

  private async logIn(account: Account): Promise<string> {
    const device = newMark()
    const { token } = await Session.start(await User.findOrFail(account.id), { device })
    const id = token.split('_')[1].replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
    // A use is written once a minute, in the middle of what is compared here.
    await db.from('auth_access_tokens').where('id', id).update({ last_used_at: new Date().toISOString() })
    const isSeen = (eyes: Eyes) => eyes.viewer === account
    this.things.push({ kind: 'session', name: id, marks: [id, device], of: account, isSeen })
    return token
  }

  private insert(table: string, row: object) {
    const { created_at, updated_at } = { created_at: NOW, updated_at: NOW }
    const times = table === 'post_hashtags' ? {} : EDITED.has(table) ? { created_at, updated_at } : { created_at }
    this.#rows.set(table, [...(this.#rows.get(table) ?? []), { ...row, ...times }])
  }

  private async save() {
    await db.transaction(async (client) => {
      for (const table of TABLES) {
        const rows = this.#rows.get(table)
        if (rows) await client.knexQuery().table(table).insert(rows)
      }
    })
    await Promise.all(this.#files.map((key) => storage.put(key, Buffer.from('webp'), { contentType: 'image/webp' })))
  }
}

const TABLES = `users posts media profiles hashtags post_hashtags comments post_likes bookmarks follow_requests follows
  blocks mutes`.split(/\s+/)

function newAccount(): Account {
  return { id: uuidv7(), username: newMark(), isPrivate: false, isSuspended: false, isDeleted: false }
}
