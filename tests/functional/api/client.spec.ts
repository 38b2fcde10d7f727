import { test } from '@japa/runner'
import createClient from 'openapi-fetch'
import type { paths } from '#tests/api/schema'
import { cleanUp, PASSWORD, photograph } from '#tests/helpers'

const { HOST, PORT } = process.env

/** A client whose paths, bodies and answers are those of the description: what does not fit does not compile. */
const clientOf = (token?: string) =>
  createClient<paths>({
    baseUrl: `http://${HOST}:${PORT}`,
    headers: token ? { Authorization: `Bearer ${token}` } : {},
  })

const multipart = (body: object) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(body)) form.append(name, value)
  return form
}

async function logIn(username: string) {
  const guest = clientOf()
  const account = { username, email: `${username}@example.org`, password: PASSWORD }
  const signedUp = await guest.POST('/v1/users', { body: account })
  const session = await guest.POST('/v1/session', { body: { login: username, password: PASSWORD } })
  return { id: signedUp.data!.data.id, api: clientOf(session.data!.data.token) }
}

test.group('A client made from the description', (group) => {
  group.each.setup(cleanUp)

  test('makes a whole visit', async ({ assert }) => {
    const [ada, bert] = [await logIn('ada'), await logIn('bert')]
    const file = new Blob([new Uint8Array(await photograph())], { type: 'image/jpeg' })
    const uploaded = await ada.api.POST('/v1/media', {
      body: { file: file as unknown as string, altText: 'A hill' },
      bodySerializer: multipart,
    })
    const medium = uploaded.data!.data
    assert.equal(medium.altText, 'A hill')

    const published = await ada.api.POST('/v1/posts', { body: { mediaIds: [medium.id], caption: 'The first one' } })
    const params = { path: { id: published.data!.data.id } }
    await bert.api.PUT('/v1/posts/{id}/like', { params })
    const seen = await bert.api.GET('/v1/posts/{id}', { params })
    assert.deepEqual(seen.data!.data.counts, { media: 1, likes: 1, comments: 0 })
    assert.equal(seen.data!.data.author.id, ada.id)

    const edited = await ada.api.PATCH('/v1/posts/{id}', {
      params,
      body: { caption: 'Another one' },
      headers: { 'If-Match': seen.response.headers.get('etag') },
    })
    assert.equal(edited.data!.data.caption, 'Another one')
    const stale = await ada.api.PATCH('/v1/posts/{id}', {
      params,
      body: { caption: 'Lost' },
      headers: { 'If-Match': seen.response.headers.get('etag') },
    })
    assert.equal(stale.error!.code, 'E_PRECONDITION_FAILED')

    assert.equal((await ada.api.DELETE('/v1/posts/{id}', { params })).response.status, 204)
    const gone = await bert.api.GET('/v1/posts/{id}', { params })
    assert.equal(gone.error!.code, 'E_NOT_FOUND')
    await ada.api.PUT('/v1/posts/{id}/restoration', { params })
    const grid = await bert.api.GET('/v1/users/{username}/posts', {
      params: { path: { username: 'ada' }, query: { limit: 10 } },
    })
    assert.deepEqual(
      grid.data!.data.map(({ caption }) => caption),
      ['Another one']
    )
    assert.isNull(grid.data!.meta.nextCursor)
    assert.equal((await ada.api.DELETE('/v1/session')).response.status, 204)
    assert.equal((await ada.api.GET('/v1/sessions')).error!.code, 'E_UNAUTHORIZED_ACCESS')
  })
})
