import { test } from '@japa/runner'
import { DateTime } from 'luxon'
import Block from '#models/block'
import Mention from '#models/mention'
import User from '#models/user'
import { cleanUp, newcomer, publish } from '#tests/helpers'

const mentioned = async ({ id }: { id: string }) =>
  (await Mention.query().where('postId', id).whereNull('commentId')).map(({ userId }) => userId).sort()

test.group('Mentions of a caption', (group) => {
  group.each.setup(cleanUp)

  test('are of people who are there, in any case and script, each once', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const [bert, minjun] = [await newcomer(client, 'Bert'), await newcomer(client, '민준씨')]
    const post = await publish(client, ada, { caption: 'With @bert, @BERT. and ＠민준씨, without @nobody' })
    assert.deepEqual(await mentioned(post), [bert.id, minjun.id].sort())
    assert.deepEqual(await mentioned(await publish(client, ada, { caption: 'To bert@example.org' })), [])
  })

  test('are of nobody who is deleted, suspended, or blocks or is blocked by the author', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const others = []
    for (let n = 0; n < 5; n++) others.push(await newcomer(client))
    const [kept, deleted, suspended, blocker, blocked] = others
    await client.delete(`/v1/users/${deleted.username}`).headers(deleted.headers)
    await User.query().where('id', suspended.id).update({ suspendedAt: DateTime.utc().toISO() })
    await Block.create({ blockerId: blocker.id, blockedId: ada.id })
    await Block.create({ blockerId: ada.id, blockedId: blocked.id })
    const caption = others.map(({ username }) => `@${username}`).join(' ')
    assert.deepEqual(await mentioned(await publish(client, ada, { caption })), [kept.id])
  })

  test('follow the caption when it is edited: what stays keeps its row', async ({ client, assert }) => {
    const [ada, bert, cleo] = [await newcomer(client), await newcomer(client), await newcomer(client)]
    const post = await publish(client, ada, { caption: `@${bert.username}` })
    const edit = async (caption: string) =>
      (await client.patch(`/v1/posts/${post.id}`).headers(ada.headers).json({ caption })).assertStatus(200)
    const [row] = await Mention.all()
    await edit(`@${cleo.username} and @${bert.username}`)
    assert.deepEqual(await mentioned(post), [bert.id, cleo.id].sort())
    assert.equal((await Mention.findByOrFail('userId', bert.id)).id, row.id)
    await edit(`@${cleo.username}`)
    assert.deepEqual(await mentioned(post), [cleo.id])
    await edit('')
    assert.deepEqual(await mentioned(post), [])
  })
})
