import assert from 'node:assert/strict'
import { PASSWORD } from '#tests/helpers'
import { form, send } from '#tests/server/http'

/** An account on a server that runs as a process. */
export class Account {
  static async signUp(url: string, username: string) {
    const account = { username, email: `${username}@example.org`, password: PASSWORD }
    const guest = new Account(url, username)
    const signedUp = await guest.post('/v1/users', json(account))
    assert.equal(signedUp.status, 201, signedUp.body.toString())
    const session = await guest.post('/v1/session', json({ login: username, password: PASSWORD }))
    assert.equal(session.status, 201, session.body.toString())
    return new Account(url, username, session.json.data.token)
  }

  /** Nobody that is known by name, with a token or without. */
  static guest(url: string, token?: string) {
    return new Account(url, '', token)
  }

  private constructor(
    readonly url: string,
    readonly username: string,
    token?: string
  ) {
    if (token) this.headers.authorization = `Bearer ${token}`
  }

  readonly headers: Record<string, string> = {}

  /** The same one at another server. */
  at(url: string) {
    return new Account(url, this.username, this.headers.authorization?.replace('Bearer ', ''))
  }

  post(path: string, { headers, body }: ReturnType<typeof form>) {
    const length = { 'content-length': String(body.length) }
    return send(this.url + path, body, { method: 'POST', headers: { ...this.headers, ...headers, ...length } })
  }

  /** Any other request, with a JSON body or without. */
  request(method: string, path: string, content?: object) {
    const { headers, body } = content ? json(content) : {}
    return send(this.url + path, body, { method, headers: { ...this.headers, ...headers } })
  }

  upload(data: Buffer, filename = 'photograph.jpg') {
    return this.post('/v1/media', form({ name: 'file', filename, data }))
  }

  publish(mediaIds: string[]) {
    return this.post('/v1/posts', json({ mediaIds }))
  }

  /** All posts, page by page. */
  async posts() {
    const posts: any[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const { status, json, body } = await this.request(
        'GET',
        `/v1/users/${this.username}/posts${cursor && `?cursor=${cursor}`}`
      )
      assert.equal(status, 200, body.toString())
      posts.push(...json.data)
      cursor = json.meta.nextCursor
    }
    return posts
  }
}

function json(content: object) {
  return { body: Buffer.from(JSON.stringify(content)), headers: { 'content-type': 'application/json' } }
}
