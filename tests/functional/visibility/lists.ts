import { COMMON_TAG, type Thing, type World } from '#tests/functional/visibility/world'

interface List {
  /** Nothing else stands in it. */
  isExact: boolean
  shows: (world: World, named: Thing | null) => { id: string }[]
}

const exactly = (shows: List['shows']): List => ({ isExact: true, shows })
const atLeast = (shows: List['shows']): List => ({ isExact: false, shows })

/** What a list must show. One that is not named here is searched for what it may not show, and for nothing else. */
export const LISTS: Record<string, List> = {
  '/': atLeast(({ posts, everybody }) => posts.filter((post) => everybody.post(post))),
  '/v1/users': exactly(({ accounts, eyes }) => accounts.filter((account) => eyes.account(account))),
  '/v1/users/:username/posts': exactly(({ posts, eyes }, named) =>
    posts.filter((post) => post.author === named!.of && !post.isArchived && eyes.post(post))
  ),
  '/v1/users/:username/followers': exactly(({ follows, eyes }, named) =>
    eyes.isLetIn(named!.of)
      ? follows.filter(([from, to]) => to === named!.of && eyes.account(from)).map(([from]) => from)
      : []
  ),
  '/v1/users/:username/following': exactly(({ follows, eyes }, named) =>
    eyes.isLetIn(named!.of)
      ? follows.filter(([from, to]) => from === named!.of && eyes.account(to)).map(([, to]) => to)
      : []
  ),
  '/v1/posts/:id/likes': exactly(({ likes, eyes }, named) =>
    likes.filter(([liker, { id }]) => id === named!.name && eyes.account(liker)).map(([liker]) => liker)
  ),
  '/v1/posts/:id/comments': exactly(({ comments, eyes }, named) =>
    comments.filter(({ writer, on, parent }) => on.id === named!.name && !parent && eyes.account(writer))
  ),
  '/v1/comments/:id/replies': exactly(({ comments, eyes }, named) =>
    comments.filter(({ writer, parent }) => parent?.id === named!.name && eyes.account(writer))
  ),
  '/v1/bookmarks': exactly(({ bookmarks, eyes }) =>
    bookmarks.filter(([keeper, post]) => keeper === eyes.viewer && eyes.post(post)).map(([, post]) => post)
  ),
  '/v1/blocks': exactly(({ blocks, eyes }) =>
    blocks.filter(([blocker]) => blocker === eyes.viewer).map(([, blocked]) => blocked)
  ),
  '/v1/mutes': exactly(({ mutes, eyes }) =>
    mutes.filter(([muter, muted]) => muter === eyes.viewer && eyes.account(muted)).map(([, muted]) => muted)
  ),
  '/v1/follow-requests': exactly(({ requests, eyes }) =>
    requests.filter(([from, to]) => to === eyes.viewer && eyes.account(from)).map(([from]) => from)
  ),
  '/v1/hashtags/:name/posts': exactly(({ posts, eyes }, named) =>
    posts.filter((post) => [post.tag, COMMON_TAG].includes(named!.name) && eyes.post(post))
  ),
  '/v1/feed': exactly(({ posts, eyes }) =>
    posts.filter(
      (post) =>
        (post.author === eyes.viewer || eyes.follows(post.author)) &&
        eyes.post(post) &&
        !eyes.mutes(post.author) &&
        !post.isArchived
    )
  ),
  '/v1/explore': atLeast(({ posts, eyes, everybody }) =>
    posts.filter(
      (post) => post.author !== eyes.viewer && everybody.post(post) && eyes.post(post) && !eyes.mutes(post.author)
    )
  ),
  '/v1/suggestions': atLeast(({ accounts, follows, requests, eyes }) =>
    accounts.filter(
      (account) =>
        account !== eyes.viewer &&
        eyes.account(account) &&
        !eyes.follows(account) &&
        !eyes.mutes(account) &&
        !requests.some(([from, to]) => from === eyes.viewer && to === account) &&
        follows.some(([from, to]) => eyes.follows(from) && to === account)
    )
  ),
}
