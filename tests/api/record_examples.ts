/*
 * Asks a running demo for one answer of each kind, and keeps the requests and answers as the examples of the description:
 *
 *   npm run demo
 *   node bin/run.js tests/api/record_examples.ts http://localhost:3333 photograph.jpg
 */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { PASSWORD, people } from '#database/demo/people'

const [base, photograph] = process.argv.slice(2)
const FILE = 'resources/openapi/examples.json'
const examples: Record<string, { body?: unknown; answer?: unknown }> = {}

async function ask(id: string, method: string, address: string, body?: object, token?: string) {
  const isForm = body instanceof FormData
  const response = await fetch(base + address, {
    method,
    headers: {
      ...(body && !isForm && { 'Content-Type': 'application/json' }),
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    body: isForm ? body : body && JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new RangeError(`${method} ${address} was answered ${response.status}: ${text}`)
  const answer = text ? JSON.parse(text) : undefined
  if (body || answer) examples[id] = { body: isForm ? textsOf(body) : body, answer }
  return answer?.data
}

function textsOf(form: FormData) {
  return Object.fromEntries([...form].filter(([, value]) => typeof value === 'string'))
}

async function photographForm() {
  const form = new FormData()
  form.append('file', new Blob([await readFile(photograph)]), path.basename(photograph))
  form.append('altText', 'A hill in the evening')
  form.append('focalPoint', '0.5,0.4')
  return form
}

const [mira, other, third] = people
const guest = { username: `guest${Date.now()}`, email: `guest${Date.now()}@example.org`, password: PASSWORD }
await ask('usersStore', 'POST', '/v1/users', guest)
const { token: own } = await ask('sessionStore', 'POST', '/v1/session', { login: guest.username, password: PASSWORD })
await ask('profileAvatarStore', 'POST', `/v1/users/${guest.username}/profile/avatar`, await photographForm(), own)
const { token } = await ask('sessionStore', 'POST', '/v1/session', { login: mira.username, password: PASSWORD })
const as = (id: string, method: string, address: string, body?: object) => ask(id, method, address, body, token)

// A relation to each: what one does to them, and the lists in which they are then.
const [others, thirds, guests] = [other, third, guest].map(({ username }) => `/v1/users/${username}`)
await ask('usersUpdate', 'PATCH', guests, { isPrivate: true }, own)
await as('userFollowUpdate', 'PUT', `${guests}/follow`)
const requests = await ask('followRequestsIndex', 'GET', '/v1/follow-requests', undefined, own)
await ask('followRequestsUpdate', 'PUT', `/v1/follow-requests/${requests[0].id}`, undefined, own)
await as('userMuteUpdate', 'PUT', `${guests}/mute`, { until: '2999-01-01T00:00:00.000Z' })
await as('mutesIndex', 'GET', '/v1/mutes?limit=1')
await as('userFollowersIndex', 'GET', `${others}/followers?limit=1`)
await as('userFollowingIndex', 'GET', `${thirds}/following?limit=1`)
await as('suggestionsIndex', 'GET', '/v1/suggestions?limit=1')
await ask('userBlockUpdate', 'PUT', `${others}/block`, undefined, own)
await ask('blocksIndex', 'GET', '/v1/blocks', undefined, own)

await as('usersIndex', 'GET', '/v1/users?limit=2')
await as('usersShow', 'GET', `/v1/users/${mira.username}`)
const profile = await as('userProfileShow', 'GET', `/v1/users/${mira.username}/profile`)
await as('userProfileUpdate', 'PATCH', `/v1/users/${mira.username}/profile`, { bio: profile.bio })
const [album] = await as('userPostsIndex', 'GET', `/v1/users/${mira.username}/posts?limit=1`)
await as('postsShow', 'GET', `/v1/posts/${album.id}`)
await as('postsUpdate', 'PATCH', `/v1/posts/${album.id}`, { caption: album.caption })
await as('sessionsIndex', 'GET', '/v1/sessions')

const medium = await as('mediaStore', 'POST', '/v1/media', await photographForm())
await as('mediaShow', 'GET', `/v1/media/${medium.id}`)
await as('mediaUpdate', 'PATCH', `/v1/media/${medium.id}`, { altText: 'A hill at dusk' })
await as('uploadsStore', 'POST', '/v1/uploads', { contentType: 'image/jpeg', size: 184_000 })
const post = await as('postsStore', 'POST', '/v1/posts', { mediaIds: [medium.id], caption: 'The last light #dusk' })
const comment = await as('postCommentsStore', 'POST', `/v1/posts/${post.id}/comments`, { text: 'Worth the cold' })
await as('commentRepliesStore', 'POST', `/v1/comments/${comment.id}/replies`, { text: 'And the early hour' })
await as('postCommentsIndex', 'GET', `/v1/posts/${post.id}/comments`)
await as('commentRepliesIndex', 'GET', `/v1/comments/${comment.id}/replies`)
await as('commentsShow', 'GET', `/v1/comments/${comment.id}`)
await as('commentsUpdate', 'PATCH', `/v1/comments/${comment.id}`, { text: 'Worth the cold, twice' })
await as('postLikeUpdate', 'PUT', `/v1/posts/${post.id}/like`)
await as('postLikesIndex', 'GET', `/v1/posts/${post.id}/likes`)
await as('postBookmarkUpdate', 'PUT', `/v1/posts/${post.id}/bookmark`)
await as('bookmarksIndex', 'GET', '/v1/bookmarks?limit=1')
await as('hashtagsShow', 'GET', '/v1/hashtags/dusk')
await as('hashtagPostsIndex', 'GET', '/v1/hashtags/dusk/posts?limit=1')
await as('feedIndex', 'GET', '/v1/feed?limit=1')
await as('exploreIndex', 'GET', '/v1/explore?limit=1')
await as('postsDestroy', 'DELETE', `/v1/posts/${post.id}`)
await as('healthLive', 'GET', '/health/live')
await as('healthReady', 'GET', '/health/ready')

/** What was told only once is not for everyone to read. */
const told = JSON.stringify(examples, null, 2)
  .replaceAll(token, 'calotype_01a2000000007000a000000000000000_examplesAreNotTokensThatOneCanLogInWithHer')
  .replaceAll(guest.username, 'guest')
  .replaceAll(base, 'https://photos.example.org')
  .replaceAll(/signature=[^"]+/g, 'signature=noneInAnExample')
await writeFile(FILE, `${told}\n`)
console.log(`${Object.keys(examples).length} examples are in ${FILE}`)
