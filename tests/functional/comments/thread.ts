import type { ApiClient } from '@japa/api-client'
import { Forest } from '#models/forest'

interface Person {
  headers: { authorization: string }
}

/** A comment on a post, or a reply to a comment: the data of the answer. */
export async function write(
  client: ApiClient,
  { headers }: Person,
  to: { id: string; postId?: string },
  text = 'Hello'
) {
  const path = to.postId ? `/v1/comments/${to.id}/replies` : `/v1/posts/${to.id}/comments`
  const response = await client.post(path).headers(headers).json({ text })
  response.assertStatus(201)
  return response.body().data
}

/** What the whole list answers, page by page. */
export async function readAll(client: ApiClient, path: string, { headers }: Person, query: Record<string, any> = {}) {
  const found: any[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const response = await client
      .get(path)
      .headers(headers)
      .qs({ ...query, ...(cursor && { cursor }) })
    response.assertStatus(200)
    found.push(...response.body().data)
    cursor = response.body().meta.nextCursor
  }
  return found
}

/** The names of what the trees of a post have wrong. */
export async function problemsOf(postId: string) {
  const [{ problems }] = await Array.fromAsync(Forest.verify(postId))
  return problems.map(({ problem }) => problem)
}
