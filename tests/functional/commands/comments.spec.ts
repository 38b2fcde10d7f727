import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import { uuidv7 } from '#providers/portable/index'
import { run } from '#tests/commands'
import { readAll, write } from '#tests/functional/comments/thread'
import { cleanUp, newcomer, publish } from '#tests/helpers'

async function scene(client: ApiClient) {
  const ada = await newcomer(client)
  const [post, other] = [await publish(client, ada), await publish(client, ada)]
  const comment = await write(client, ada, post, 'one')
  const reply = await write(client, ada, comment, 'two')
  const sound = await write(client, ada, other, 'three')
  const list = () => readAll(client, `/v1/posts/${post.id}/comments`, ada)
  const read = () => readAll(client, `/v1/comments/${comment.id}/replies`, ada)
  return { post, other, comment, reply, sound, read, list }
}

test.group('Commands for comments', (group) => {
  group.each.setup(cleanUp)

  test('comments:verify names what is wrong, and comments:repair mends it once', async ({ client, assert }) => {
    const { post, other, comment, reply, sound, read, list } = await scene(client)
    assert.deepEqual(await run('comments:verify'), { exitCode: 0, output: { problems: [] } })
    const untouched = await db.from('comments').where('id', sound.id).first()
    await db.from('comments').where('id', comment.id).update({ lft: null, rgt: null })
    await db.from('comments').where('id', reply.id).update({ depth: 5, thread_id: sound.id })
    assert.isEmpty(await read())
    const [thread] = await list()
    assert.containsSubset(thread, { id: comment.id, counts: { more: 0 }, replies: { data: [] } })

    const problems = [
      { postId: post.id, id: comment.id, problem: 'null-bounds' },
      { postId: post.id, id: reply.id, problem: 'wrong-depth' },
      { postId: post.id, id: reply.id, problem: 'wrong-thread', other: comment.id },
    ]
    const { exitCode, output } = await run('comments:verify')
    assert.equal(exitCode, 1)
    assert.sameDeepMembers(output.problems, problems)
    assert.deepEqual(await run('comments:verify', '--post', other.id), { exitCode: 0, output: { problems: [] } })

    assert.deepEqual((await run('comments:repair', '--dry-run')).output, {
      posts: 1,
      placed: 0,
      brought: 0,
      dryRun: true,
    })
    assert.equal((await run('comments:verify', '--post', post.id)).exitCode, 1)
    assert.deepEqual((await run('comments:repair')).output, { posts: 1, placed: 2, brought: 1, dryRun: false })
    assert.deepEqual((await run('comments:repair')).output, { posts: 0, placed: 0, brought: 0, dryRun: false })
    assert.deepEqual(await run('comments:verify'), { exitCode: 0, output: { problems: [] } })
    assert.deepEqual(
      (await read()).map(({ text, depth }) => [text, depth]),
      [['two', 1]]
    )
    assert.deepEqual(await db.from('comments').where('id', sound.id).first(), untouched)
  })

  test('comments:repair mends one post alone when asked to', async ({ client, assert }) => {
    const { post, other } = await scene(client)
    await db.from('comments').update({ depth: 3 })
    assert.containsSubset((await run('comments:repair', '--post', other.id)).output, { posts: 1, placed: 1 })
    assert.equal((await run('comments:verify', '--post', other.id)).exitCode, 0)
    assert.lengthOf((await run('comments:verify', '--post', post.id)).output.problems, 2)
    assert.lengthOf((await run('comments:verify', '--post', post.id.toUpperCase())).output.problems, 2)
    assert.containsSubset((await run('comments:repair', '--post', post.id.toUpperCase())).output, { placed: 2 })
    for (const id of [uuidv7(), 'nope']) {
      for (const command of ['comments:verify', 'comments:repair']) {
        const { exitCode, output } = await run(command, '--post', id)
        assert.equal(exitCode, 1)
        assert.include(output.error, `There is no post "${id}"`)
      }
    }
  })
})
