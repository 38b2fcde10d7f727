export interface Account {
  id: string
  username: string
  isPrivate: boolean
  isSuspended: boolean
  isDeleted: boolean
}

export interface Post {
  id: string
  author: Account
  tag: string
  isForFollowers: boolean
  isArchived: boolean
  isDeleted: boolean
}

/** Who did something to whom. */
export type Pair = [from: Account, to: Account]

export interface Relations {
  follows: Pair[]
  blocks: Pair[]
  mutes: Pair[]
}

/** What somebody may see, in plain words of its own: that it says the same as the SQL is what the matrix is for. */
export class Eyes {
  constructor(
    readonly viewer: Account | null,
    private relations: Relations
  ) {}

  account(account: Account): boolean {
    if (account.isDeleted || account.isSuspended) return false
    return !this.has('blocks', this.viewer, account) && !this.has('blocks', account, this.viewer)
  }

  post(post: Post): boolean {
    if (post.isDeleted || !this.account(post.author)) return false
    if (post.author === this.viewer) return true
    if (post.isArchived) return false
    if (this.follows(post.author)) return true
    return !post.isForFollowers && !post.author.isPrivate
  }

  /** Whether the account lets the viewer see more than its profile. */
  isLetIn(account: Account): boolean {
    return this.account(account) && (!account.isPrivate || account === this.viewer || this.follows(account))
  }

  follows(account: Account): boolean {
    return this.has('follows', this.viewer, account)
  }

  blocks(account: Account): boolean {
    return this.has('blocks', this.viewer, account)
  }

  mutes(account: Account): boolean {
    return this.has('mutes', this.viewer, account)
  }

  private has(relation: keyof Relations, from: Account | null, to: Account | null): boolean {
    return this.relations[relation].some(([one, other]) => one === from && other === to)
  }
}
