import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { run } from '#tests/commands'
import { cleanUp, newcomer, publish } from '#tests/helpers'

test.group('Commands for counters', (group) => {
  group.each.setup(cleanUp)

  test('a user is shown with the number of posts that are not archived', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const counted = async () => (await client.get('/v1/users/ada')).body().data.counts.posts
    assert.equal(await counted(), 0)
    const [one, other] = [await publish(client, ada), await publish(client, ada)]
    assert.equal(await counted(), 2)
    await client.put(`/v1/posts/${one.id}/archive`).headers(ada.headers)
    await client.put(`/v1/posts/${one.id}/archive`).headers(ada.headers)
    assert.equal(await counted(), 1)
    await client.delete(`/v1/posts/${other.id}`).headers(ada.headers)
    await client.delete(`/v1/posts/${one.id}/archive`).headers(ada.headers)
    assert.equal(await counted(), 1)
    assert.equal((await run('counters:verify')).exitCode, 0)
  })

  test('counters:verify names what is wrong, and counters:repair mends it', async ({ client, assert }) => {
    const { id } = await newcomer(client, 'ada')
    await db.from('users').where('id', id).update({ posts_count: 3 })
    const drift = { table: 'users', column: 'posts_count', key: id, stored: 3, actual: 0 }
    assert.deepEqual(await run('counters:verify'), { exitCode: 1, output: { problems: [], drifts: [drift] } })
    assert.deepEqual((await run('counters:repair', '--dry-run')).output, { numbers: 1, dryRun: true })
    assert.deepEqual((await run('counters:repair')).output, { numbers: 1, dryRun: false })
    assert.deepEqual((await run('counters:repair')).output, { numbers: 0, dryRun: false })
    assert.deepEqual(await run('counters:verify'), { exitCode: 0, output: { problems: [], drifts: [] } })
  })
})
