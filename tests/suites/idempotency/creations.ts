import { randomUUID } from 'node:crypto'
import assert from 'node:assert/strict'
import { PASSWORD, photograph } from '#tests/helpers'
import { Account } from '#tests/server/account'
import { type Answer, form, send } from '#tests/server/http'
import { until } from '#tests/server/until'

type Body = ReturnType<typeof form>

/** One request that makes something: sent with a key, by whom it is of, as often as one likes. */
export class Creation {
  constructor(
    readonly sender: Account,
    readonly path: string,
    readonly body: Body,
    readonly otherBody: Body
  ) {}

  send(key: string, headers: Record<string, string> = {}) {
    return this.#post(this.body, { 'idempotency-key': key, ...headers })
  }

  /** Sends it until it is answered, as a client would; `onCutOff` hears of each time that the server died under it. */
  async sendUntilAnswered(key: string, onCutOff: () => void = () => {}): Promise<Answer> {
    let answer: Answer | null = null
    const unanswered = ({ code }: NodeJS.ErrnoException) => {
      if (code !== 'ECONNREFUSED') onCutOff()
      return null
    }
    const isAnswered = async () => {
      answer = await this.send(key).catch(unanswered)
      return answer !== null && answer.status !== 503 && answer.json?.code !== 'E_IDEMPOTENCY_RUNNING'
    }
    // Each of the kills may cut it off, and then it waits for each of the starts.
    await until(isAnswered, `${this.path} is answered`, 110)
    return answer!
  }

  sendOther(key: string) {
    return this.#post(this.otherBody, { 'idempotency-key': key })
  }

  #post({ headers, body }: Body, more: Record<string, string>) {
    return this.sender.post(this.path, { headers: { ...headers, ...more }, body })
  }
}

interface Kind {
  /** Where it leaves one row. */
  table: string
  /** Gets ready what the request needs. */
  prepare(account: Account): Promise<Creation>
  /** Asks for what was made, after the answer. */
  look(account: Account, made: any): Promise<Answer>
}

/** POSTs that make nothing which may not be made twice, by their route, each with the reason. */
export const harmless: Record<string, string> = {}

/** Every other POST, by its route: a new one belongs here. */
export const creations: Record<string, Kind> = {
  '/v1/users': {
    table: 'users',
    async prepare({ url }) {
      const username = newName()
      const body = (host: string) => json({ username, email: `${username}@${host}`, password: PASSWORD })
      return new Creation(Account.guest(url), '/v1/users', body('example.org'), body('example.com'))
    },
    look: (account, { username }) => account.request('GET', `/v1/users/${username}`),
  },
  '/v1/session': {
    table: 'auth_access_tokens',
    async prepare({ url, username: login }) {
      const body = (device: string) => json({ login, password: PASSWORD, device })
      return new Creation(Account.guest(url), '/v1/session', body('telephone'), body('desk'))
    },
    look: ({ url }, { token }) => Account.guest(url, token).request('GET', '/v1/sessions'),
  },
  '/v1/media': {
    table: 'media',
    async prepare(account) {
      return new Creation(account, '/v1/media', await upload(), await upload())
    },
    look: (account, { id }) => account.request('GET', `/v1/media/${id}`),
  },
  '/v1/uploads': {
    table: 'uploads',
    async prepare(account) {
      const body = (size: number) => json({ contentType: 'image/jpeg', size })
      return new Creation(account, '/v1/uploads', body(1000), body(1001))
    },
    /** It cannot be fetched; to be told that nothing was sent yet is to be told that it is there. */
    async look(account, { id }) {
      const answer = await account.request('PUT', `/v1/uploads/${id}`, {})
      return { ...answer, status: answer.json.code === 'E_NOT_UPLOADED' ? 200 : answer.status }
    },
  },
  '/v1/posts': {
    table: 'posts',
    async prepare(account) {
      const medium = await creations['/v1/media'].prepare(account)
      const uploaded = await medium.sendUntilAnswered(randomUUID())
      assert.equal(uploaded.status, 201, uploaded.body.toString())
      const body = (caption: string) => json({ mediaIds: [uploaded.json.data.id], caption })
      return new Creation(account, '/v1/posts', body('The first'), body('The second'))
    },
    look: (account, { id }) => account.request('GET', `/v1/posts/${id}`),
  },
  '/v1/posts/:id/comments': {
    table: 'comments',
    async prepare(account) {
      const path = `/v1/posts/${await published(account)}/comments`
      return new Creation(account, path, json({ text: 'The first' }), json({ text: 'The second' }))
    },
    look: (account, { id }) => account.request('GET', `/v1/comments/${id}`),
  },
  '/v1/comments/:id/replies': {
    table: 'comments',
    async prepare(account) {
      const comment = await (await creations['/v1/posts/:id/comments'].prepare(account)).sendUntilAnswered(randomUUID())
      const path = `/v1/comments/${comment.json.data.id}/replies`
      return new Creation(account, path, json({ text: 'The first' }), json({ text: 'The second' }))
    },
    look: (account, { id }) => account.request('GET', `/v1/comments/${id}`),
  },
  '/v1/users/:username/profile/avatar': {
    table: 'media',
    async prepare(account) {
      const file = await photograph()
      const body = (altText: string) => form({ name: 'altText', data: altText }, picture(file))
      const path = `/v1/users/${account.username}/profile/avatar`
      return new Creation(account, path, body('Me'), body('Myself'))
    },
    // A later one may have taken its place.
    async look(account) {
      const { json } = await account.request('GET', `/v1/users/${account.username}/profile`)
      return send(json.data.avatar[0].url)
    },
  },
}

/** What must be the same each time. */
export function essence({ status, headers, body }: Answer) {
  const { location, 'content-type': type, 'cache-control': cache } = headers
  return { status, location, type, cache, body: body.toString() }
}

export function newName() {
  return `u${randomUUID().replaceAll('-', '').slice(0, 20)}`
}

async function published(account: Account): Promise<string> {
  const post = await (await creations['/v1/posts'].prepare(account)).sendUntilAnswered(randomUUID())
  return post.json.data.id
}

async function upload() {
  return form(picture(await photograph()))
}

function picture(data: Buffer) {
  return { name: 'file', filename: 'photograph.jpg', data }
}

function json(content: object): Body {
  return { body: Buffer.from(JSON.stringify(content)), headers: { 'content-type': 'application/json' } }
}
