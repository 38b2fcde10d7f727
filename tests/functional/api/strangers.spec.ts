import app from '@adonisjs/core/services/app'
import limiter from '@adonisjs/limiter/services/main'
import db from '@adonisjs/lucid/services/db'
import type { ApiClient } from '@japa/api-client'
import { test } from '@japa/runner'
import { cleanUp, newcomer, publish, upload } from '#tests/helpers'

/** What nobody may set, as attributes and as columns. */
const FORBIDDEN = `id userId user_id role password hash username_key usernameKey emailKey email_key createdAt created_at
  updatedAt updated_at deletedAt deleted_at deletionId deletion_id likesCount likes_count commentsCount comments_count
  postsCount posts_count followersCount followers_count followingCount following_count archivedAt archived_at pinnedAt
  pinned_at folder variants width height blurhash postId post_id position authorId isAdmin __v
  username_skeleton usernameSkeleton`.split(/\s+/)

interface Write {
  method: string
  path: string
  /** The fields of its JSON body. */
  fields: string[]
}

/** Every operation that changes something and takes a token. */
async function writes(): Promise<Write[]> {
  const { paths }: any = await (await app.container.make('openApi')).document()
  return Object.entries<any>(paths).flatMap(([path, operations]) =>
    Object.entries<any>(operations)
      .filter(([method, { security }]) => method !== 'get' && security.length > 0)
      .map(([method, { requestBody }]) => {
        const schema = requestBody?.content['application/json']?.schema
        return { method, path, fields: schema ? Object.keys(schema.properties) : [] }
      })
  )
}

/** What one does to another account, or thinks and says of a post, is one's own. */
const OWN = /\/(like|bookmark|follow|block|mute|comments|replies)$|^\/v1\/followers\//

const everything = async () =>
  JSON.stringify(
    await Promise.all(
      ['users', 'profiles', 'posts', 'media', 'uploads', 'post_likes', 'comments', 'auth_access_tokens'].map((table) =>
        db.from(table).orderBy('id')
      )
    )
  )

/** What a person has, for the places in a path. */
async function belongings(client: ApiClient, person: Awaited<ReturnType<typeof newcomer>>) {
  const post = await publish(client, person)
  const medium = await upload(client, person)
  const begun = await client.post('/v1/uploads').headers(person.headers).json({ contentType: 'image/jpeg', size: 100 })
  const sessions = await client.get('/v1/sessions').headers(person.headers)
  const comment = await client.post(`/v1/posts/${post.id}/comments`).headers(person.headers).json({ text: 'Mine' })
  const ids: Record<string, string> = {
    posts: post.id,
    comments: comment.body().data.id,
    media: medium.id,
    uploads: begun.body().data.id,
    sessions: sessions.body().data[0].id,
  }
  return (path: string) =>
    path.replace('{username}', person.username).replace('{id}', ids[path.split('/')[2]] ?? ids.posts)
}

test.group('What strangers send', (group) => {
  group.each.setup(cleanUp)

  test('changes nothing of others: each write at each of their addresses', async ({ client, assert }) => {
    const [ada, bert] = [await newcomer(client, 'ada'), await newcomer(client, 'bert')]
    const place = await belongings(client, ada)
    const all = (await writes()).filter(({ path }) => path.includes('{') && !OWN.test(path))
    // So that whether a token was used just now does not count as a change.
    await client.get('/v1/sessions').headers(bert.headers)
    const before = await everything()
    for (const { method, path } of all) {
      const request = client[method as 'patch'](place(path)).headers(bert.headers)
      const response = method === 'patch' || path.includes('uploads') ? await request.json({}) : await request
      assert.oneOf(response.status(), [403, 404, 415], `${method} ${path}`)
    }
    assert.equal(await everything(), before)
    assert.isAbove(all.length, 12)
  })

  test('takes nobody’s medium into a post', async ({ client }) => {
    const [ada, bert] = [await newcomer(client, 'ada'), await newcomer(client, 'bert')]
    const { id } = await upload(client, ada)
    const response = await client
      .post('/v1/posts')
      .headers(bert.headers)
      .json({ mediaIds: [id] })
    response.assertStatus(422)
  })

  test('sets nothing that nobody may set: 40 fields in each body', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const place = await belongings(client, ada)
    const all = (await writes()).filter(({ fields }) => fields.length > 0)
    const before = await everything()
    for (const { method, path, fields } of all) {
      await limiter.clear()
      for (const field of FORBIDDEN.filter((each) => !fields.includes(each))) {
        const response = await client[method as 'patch'](place(path))
          .headers(ada.headers)
          .json({ [field]: 1 })
        response.assertStatus(422)
        assert.isTrue(
          response.body().errors.some((each: any) => each.field === field && each.rule === 'unknown'),
          `${field} at ${method} ${path}`
        )
      }
    }
    assert.equal(await everything(), before)
    assert.isAtLeast(FORBIDDEN.length, 40)
    assert.isAbove(all.length, 6)
  })
})
