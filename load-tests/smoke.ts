// One person's whole visit, and a friend's who looks at it. Both accounts are new each time.
//
//   k6 run -e BASE=http://localhost:3333 load-tests/smoke.ts
//
// The server must let so many sign up and log in: start it with LOGIN_LIMIT=100000 and SIGNUP_LIMIT=100000.
import { check, fail } from 'k6'
import http from 'k6/http'
import type { Answer } from 'k6/http'

const base = __ENV.BASE || 'http://localhost:3333'
const run = Date.now().toString(36)
const photograph = open('photograph.jpg', 'b')
const password = 'a long enough passphrase'

export const options = {
  vus: Number(__ENV.VUS || 2),
  duration: __ENV.DURATION || '20s',
  thresholds: { checks: ['rate==1'], http_req_failed: ['rate==0'] },
}

export default function visit() {
  const ada = newcomer('ada')
  const friend = newcomer('friend')

  const medium = ada.upload('A hill in the evening')
  const published = ada.send('POST', '/v1/posts', 201, { mediaIds: [medium.id], caption: 'The first one' })
  const { id } = published
  const path = `/v1/posts/${id}`

  const seen = friend.send('GET', path, 200)
  check(seen, {
    'another person sees the album as it was published': (post) =>
      post.caption === 'The first one' && post.author.username === ada.username && post.visibility === 'public',
    'with its photograph and all variants of it': ({ media }) =>
      media.length === 1 && media[0].altText === 'A hill in the evening' && media[0].variants.length === 8,
    'and is not its author': ({ viewer }) => viewer.isAuthor === false,
  })
  for (const { url, format } of seen.media[0].variants) friend.fetchPicture(url, format)
  check(friend.send('GET', `/v1/users/${ada.username}/posts`, 200), {
    'the grid shows it alone': (posts) => posts.length === 1 && posts[0].id === id,
  })

  friend.send('PUT', `${path}/like`, 204)
  check(ada.send('GET', path, 200), { 'a like is counted': ({ counts }) => counts.likes === 1 })
  friend.send('DELETE', `${path}/like`, 204)
  check(ada.send('GET', path, 200), { 'an unlike too': ({ counts }) => counts.likes === 0 })

  check(ada.send('PATCH', path, 200, { caption: 'The best one' }), {
    'an edit is answered': ({ caption }) => caption === 'The best one',
  })
  friend.send('PATCH', path, 403, { caption: 'Mine' })
  check(friend.send('GET', path, 200), {
    'the other sees the edit, and could not edit': ({ caption }) => caption === 'The best one',
  })

  ada.send('PUT', `${path}/archive`, 204)
  friend.send('GET', path, 404)
  check(ada.send('GET', path, 200), { 'its author still sees what is archived': (post) => post.archivedAt !== null })
  ada.send('DELETE', `${path}/archive`, 204)
  check(friend.send('GET', path, 200), { 'what is unarchived is back': (post) => post.archivedAt === null })

  ada.send('DELETE', path, 204)
  ada.send('GET', path, 404)
  ada.send('PUT', `${path}/restoration`, 204)
  check(friend.send('GET', path, 200), {
    'what is restored from the trash is as before': ({ caption, media }) =>
      caption === 'The best one' && media.length === 1 && media[0].id === medium.id,
  })
  ada.send('DELETE', path, 204)
  friend.send('GET', path, 404)
  check(friend.send('GET', `/v1/users/${ada.username}`, 200), {
    'no post is counted any more': ({ counts }) => counts.posts === 0,
  })

  for (const person of [ada, friend]) {
    person.send('DELETE', '/v1/session', 204)
    person.send('GET', '/v1/sessions', 401)
  }
}

/** Signs up and logs in. */
function newcomer(name: string) {
  const username = `${name}_${run}_${__VU}_${__ITER}`
  const guest = new Person(username)
  const account = guest.send('POST', '/v1/users', 201, { username, email: `${username}@example.org`, password })
  check(account, { 'the account has its name': (user) => user.username === username })
  const session = guest.send('POST', '/v1/session', 201, { login: username, password, device: 'k6' })
  check(session, { 'the session is of that account': ({ user }) => user.id === account.id })
  return new Person(username, session.token)
}

class Person {
  readonly username: string
  private readonly headers: Record<string, string>

  constructor(username: string, token?: string) {
    this.username = username
    this.headers = token ? { Authorization: `Bearer ${token}` } : {}
  }

  /** Sends JSON, expects the status, and returns the data of the answer. */
  send(method: string, path: string, status: number, content?: object) {
    const headers = content ? { ...this.headers, 'Content-Type': 'application/json' } : this.headers
    const answer = http.request(method, base + path, content ? JSON.stringify(content) : null, {
      headers,
      responseCallback: http.expectedStatuses(status),
    })
    return dataOf(
      answer,
      status,
      `${method} ${path.replace(/[0-9a-f-]{36}|(ada|friend)_\w+/, '…')} is answered ${status}`
    )
  }

  upload(altText: string) {
    const form = { altText, file: http.file(photograph, 'photograph.jpg', 'image/jpeg') }
    const answer = http.request('POST', `${base}/v1/media`, form, { headers: this.headers })
    return dataOf(answer, 201, 'POST /v1/media is answered 201')
  }

  fetchPicture(url: string, format: string) {
    const answer = http.request('GET', url, null, { responseType: 'binary' })
    const start = format === 'webp' ? [0x52, 0x49, 0x46, 0x46] : [0xff, 0xd8, 0xff]
    check(answer, {
      'the file of a variant is a picture of its format': ({ status, body }) =>
        status === 200 && start.every((byte, at) => new Uint8Array(body as ArrayBuffer)[at] === byte),
    })
  }
}

/** The data of an answer; nothing that comes after makes sense where the status is another. */
function dataOf(answer: Answer, status: number, name: string) {
  if (!check(answer, { [name]: (each) => each.status === status })) fail(`${name}: ${answer.status} ${answer.body}`)
  if (status >= 400) {
    check(answer, { 'a refusal is a problem with a code': (each) => /^E_/.test(each.json('code')) })
    return null
  }
  return status === 204 ? null : answer.json('data')
}
