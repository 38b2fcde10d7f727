import db from '@adonisjs/lucid/services/db'
import type { ApiResponse } from '@japa/api-client'
import { test } from '@japa/runner'
import { cleanUp, eventually, newcomer, publish, someoneWaits } from '#tests/helpers'

interface Row {
  table: 'posts' | 'users'
  id: string
}

/**
 * Takes the first row, and the second when the work waits for the first. The work has the second one: PostgreSQL ends who
 * finds that out, which is the work, as it has waited longer, or this transaction where it was slow.
 */
async function crossing(work: () => Promise<ApiResponse>, [first, second]: Row[]) {
  let done: Promise<ApiResponse>
  const crossed = db.transaction(async (client) => {
    await client.from(first.table).where('id', first.id).forUpdate()
    done = Promise.resolve(work())
    await eventually(someoneWaits, 'it waits for the row')
    await client.from(second.table).where('id', second.id).forUpdate()
  })
  await crossed.catch((error) => {
    if (error.code !== '40P01') throw error
  })
  return done!
}

test.group('Who comes to a post and its people in another order than somebody else', (group) => {
  group.each.setup(cleanUp)
  group.each.skip(() => db.connection().dialect.name !== 'postgres', 'SQLite has one writer at a time')

  test('likes it all the same', async ({ client, assert }) => {
    const [ada, bert] = [await newcomer(client), await newcomer(client)]
    const { id } = await publish(client, ada)
    const like = () => client.put(`/v1/posts/${id}/like`).headers(bert.headers)
    const answer = await crossing(like, [
      { table: 'users', id: bert.id },
      { table: 'posts', id },
    ])
    answer.assertStatus(204)
    assert.equal((await client.get(`/v1/posts/${id}`)).body().data.counts.likes, 1)
  })

  test('bookmarks it all the same', async ({ client, assert }) => {
    const [ada, bert] = [await newcomer(client), await newcomer(client)]
    const { id } = await publish(client, ada)
    const bookmark = () => client.put(`/v1/posts/${id}/bookmark`).headers(bert.headers)
    const answer = await crossing(bookmark, [
      { table: 'posts', id },
      { table: 'users', id: bert.id },
    ])
    answer.assertStatus(204)
    assert.lengthOf(await db.from('bookmarks'), 1)
  })
})
