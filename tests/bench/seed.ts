import { createHash } from 'node:crypto'
import { uuidv7 } from '#providers/portable/uuid'
import type { Database } from './database.js'
import type { Ask } from './load.js'

/** What the seed made that a request can name. */
export interface Seed {
  usernames: string[]
  authorIds: string[]
  /** Of the people whose tokens these are, in their order. */
  viewerIds: string[]
  /** Of posts that everyone sees. */
  postIds: string[]
  /** Of people who posted nothing. */
  tokens: string[]
}

const YEAR = 365 * 24 * 3_600_000
const VIEWERS = 50
const WORDS = 'the light over this quiet harbour at dawn when boats come home and gulls wait for what is left'.split(
  ' '
)

/** Fills in authors with a face and posts of one photograph each, in the order of a year, and people who look at them. */
export async function seed(
  database: Database,
  { authors, postsOfEach, hasMarks = false }: { authors: number; postsOfEach: number; hasMarks?: boolean }
) {
  const began = Date.now() - YEAR
  const users = Array.from({ length: authors + VIEWERS }, (_, index) => userRow(index, began))
  const faces = users.map((user, index) => mediumRow(user, null, `face ${index}`))
  await database.insert('users', users)
  await database.insert('media', faces)
  await database.insert('profiles', users.map(profileRow(faces)))
  const sessions = users.slice(authors).map(sessionOf)
  await database.insert(
    'auth_access_tokens',
    sessions.map(({ row }) => row)
  )

  const postIds: string[] = []
  for (let turn = 0; turn < postsOfEach; turn++) {
    const at = began + (turn * YEAR) / postsOfEach
    const posts = users.slice(0, authors).map((user, index) => postRow(user, turn, at + index))
    await database.insert('posts', posts)
    await database.insert(
      'media',
      posts.map((post, index) => mediumRow(users[index], post, post.id))
    )
    if (hasMarks) {
      await database.insert('post_likes', marksOf(users.slice(authors), posts, 100))
      await database.insert('bookmarks', marksOf(users.slice(authors), posts, 200))
    }
    postIds.push(...posts.filter(({ visibility }) => visibility === 'public').map(({ id }) => id))
  }
  await database.analyze()
  const ids = users.map(({ id }) => id)
  return {
    usernames: users.slice(0, authors).map(({ username }) => username),
    authorIds: ids.slice(0, authors),
    viewerIds: ids.slice(authors),
    postIds,
    tokens: sessions.map(({ token }) => token),
  } satisfies Seed
}

/** Asks for a random one of these paths, with a random token, each time. */
export function asksFor({ tokens }: Seed, paths: string[], count: number): Ask[] {
  return Array.from({ length: count }, () => ({
    path: oneOf(paths),
    headers: { authorization: `Bearer ${oneOf(tokens)}` },
  }))
}

function oneOf<Item>(items: Item[]): Item {
  return items[Math.floor(Math.random() * items.length)]
}

function userRow(index: number, began: number) {
  const username = `${WORDS[index % WORDS.length]}.${index}`
  const email = `${username}@example.org`
  const password = `$scrypt$n=16384,r=8,p=5$${hash(`salt ${index}`).slice(0, 22)}$${hash(`password ${index}`)}`
  const keys = { username_key: username, email_key: email }
  return { id: uuidv7(began), username, email, ...keys, password, role: 'member', ...times(began) }
}

type User = ReturnType<typeof userRow>

const profileRow = (faces: { id: string }[]) => (user: User, index: number) => ({
  id: uuidv7(),
  user_id: user.id,
  avatar_id: faces[index].id,
  name: words(index, 2),
  bio: words(index, 18),
  ...times(Date.now()),
})

export function sessionOf({ id }: { id: string }) {
  const sessionId = uuidv7()
  const secret = createHash('sha256').update(sessionId).digest('base64url')
  const row = {
    id: sessionId,
    user_id: id,
    device: 'Firefox on Linux',
    hash: hash(secret),
    created_at: iso(Date.now()),
    last_used_at: iso(Date.now()),
    expires_at: iso(Date.now() + YEAR),
  }
  return { row, token: `calotype_${sessionId.replaceAll('-', '')}_${secret}` }
}

/** One in fifty is for followers, and one of each author's is pinned. */
function postRow(author: User, turn: number, at: number) {
  return {
    id: uuidv7(at),
    user_id: author.id,
    caption: words(at + turn, 3 + ((at + turn) % 30)),
    visibility: turn % 50 === 7 ? 'followers' : 'public',
    pinned_at: turn === 3 ? iso(at) : null,
    ...times(at),
  }
}

/** What each of the viewers likes or bookmarks: one in so many, another one each. */
function marksOf(viewers: User[], posts: { id: string; created_at: string }[], oneIn: number) {
  return viewers.flatMap((viewer, index) =>
    posts
      .filter((_, at) => at % oneIn === index % oneIn)
      .map(({ id, created_at }) => ({ id: uuidv7(), post_id: id, user_id: viewer.id, created_at }))
  )
}

export function mediumRow(owner: { id: string }, post: { id: string; created_at: string } | null, name: string) {
  const digest = hash(name)
  return {
    id: uuidv7(),
    user_id: owner.id,
    post_id: post?.id ?? null,
    position: post && 0,
    folder: digest.slice(0, 32),
    width: 4032,
    height: 3024,
    blurhash: `L${digest.slice(0, 27)}`,
    dominant_color: `#${digest.slice(0, 6)}`,
    alt_text: digest < '8' ? null : words(digest.charCodeAt(1), 12),
    focal_x: 0.5,
    focal_y: 0.5,
    variants: JSON.stringify(variants(digest)),
    ...times(post ? Date.parse(post.created_at) : Date.now()),
  }
}

const SIZES = { square: [320, 320], small: [640, 480], medium: [1080, 810], full: [2048, 1536] }

function variants(digest: string) {
  return Object.entries(SIZES).flatMap(([name, [width, height]], index) =>
    ['webp', 'jpeg'].map((format, other) => {
      const start = index * 12 + other * 6
      const file = `${name}-${digest.slice(start, start + 16)}.${format === 'jpeg' ? 'jpg' : format}`
      return { name, format, width, height, file }
    })
  )
}

function words(from: number, count: number) {
  return Array.from({ length: count }, (_, index) => WORDS[(from * 7 + index * 5) % WORDS.length]).join(' ')
}

function times(at: number) {
  return { created_at: iso(at), updated_at: iso(at) }
}

function iso(at: number) {
  return new Date(at).toISOString()
}

function hash(text: string) {
  return createHash('sha256').update(text).digest('hex')
}
