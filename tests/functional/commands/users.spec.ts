import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { run } from '#tests/commands'
import { cleanUp, logIn, newcomer, PASSWORD } from '#tests/helpers'

test.group('Commands for users', (group) => {
  group.each.setup(cleanUp)

  test('user:create makes a user who can log in', async ({ client, assert }) => {
    const { exitCode, output } = await run('user:create', 'ada', 'ada@example.org', `--password=${PASSWORD}`, '--admin')
    assert.equal(exitCode, 0)
    assert.containsSubset(output, { username: 'ada', email: 'ada@example.org', role: 'admin' })
    await logIn(client, 'ada')
  })

  test('user:create refuses what signing up refuses, in a sentence', async ({ client, assert }) => {
    await newcomer(client, 'ada')
    for (const args of [
      ['ADA', 'other@example.org', `--password=${PASSWORD}`],
      ['admin', 'other@example.org', `--password=${PASSWORD}`],
      ['bert', 'bert@example.org', '--password=short'],
    ]) {
      const { exitCode, output } = await run('user:create', ...args)
      assert.equal(exitCode, 1)
      assert.isString(output.error)
      assert.notMatch(output.error, /stack|sqlite|constraint/i)
    }
  })

  test('user:list pages through the users', async ({ client, assert }) => {
    for (const name of ['ada', 'bert', 'cleo']) await newcomer(client, name)
    const first = await run('user:list', '--limit=2')
    assert.deepEqual(
      first.output.users.map(({ username }: any) => username),
      ['cleo', 'bert']
    )
    const second = await run('user:list', '--limit=2', `--cursor=${first.output.nextCursor}`)
    assert.deepEqual(
      second.output.users.map(({ username }: any) => username),
      ['ada']
    )
    assert.isNull(second.output.nextCursor)
  })

  test('user:password ends all sessions', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const { exitCode } = await run('user:password', 'ADA', '--password=quite another passphrase')
    assert.equal(exitCode, 0)
    ;(await client.get('/v1/sessions').headers(ada.headers)).assertStatus(401)
    await logIn(client, 'ada', 'quite another passphrase')
  })

  test('user:restore brings a deleted account back, under another name where its own is taken', async ({
    client,
    assert,
  }) => {
    const ada = await newcomer(client, 'ada')
    assert.equal((await run('user:restore', 'ada')).exitCode, 1)
    ;(await client.delete('/v1/users/ada').headers(ada.headers)).assertStatus(204)
    ;(
      await client.post('/v1/users').json({ username: 'ada', email: 'new@example.org', password: PASSWORD })
    ).assertStatus(201)
    const taken = await run('user:restore', ada.email)
    assert.equal(taken.exitCode, 1)
    assert.match(taken.output.error, /username is taken/)
    assert.equal((await run('user:restore', ada.email, '--username=admin')).exitCode, 1)
    ;(await client.get('/v1/users/ada2')).assertStatus(404)

    assert.equal((await run('user:restore', ada.email, '--username=Ada2')).output.username, 'Ada2')
    assert.equal((await client.get('/v1/users/ada2')).body().data.id, ada.id)
    await logIn(client, 'ada2')
  })

  test('user:suspend ends the sessions and lets nobody in, until user:reinstate', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    await newcomer(client, 'bert')
    const logInWith = (password: string) => client.post('/v1/session').json({ login: 'ada', password })
    const { exitCode, output } = await run('user:suspend', 'ADA')
    assert.equal(exitCode, 0)
    assert.match(output.suspendedAt, /Z$/)
    assert.equal((await run('user:suspend', 'ada')).output.suspendedAt, output.suspendedAt)
    assert.lengthOf(await db.from('auth_access_tokens').where('user_id', ada.id), 0)
    ;(await client.get('/v1/sessions').headers(ada.headers)).assertStatus(401)
    ;(await client.get('/v1/users/ada')).assertStatus(404)
    const refused = await logInWith(PASSWORD)
    refused.assertStatus(403)
    assert.equal(refused.body().code, 'E_SUSPENDED')
    const wrong = await logInWith('another passphrase')
    wrong.assertStatus(401)
    assert.equal(wrong.body().code, 'E_WRONG_CREDENTIALS')
    assert.equal((await run('token:create', 'ada')).exitCode, 1)
    const listed = (await run('user:list')).output.users
    assert.deepEqual(
      listed.map(({ username, suspendedAt }: any) => [username, suspendedAt !== null]),
      [
        ['bert', false],
        ['ada', true],
      ]
    )

    for (let time = 0; time < 2; time++) assert.isNull((await run('user:reinstate', 'ada')).output.suspendedAt)
    ;(await client.get('/v1/users/ada')).assertStatus(200)
    await logIn(client, 'ada')
    for (const name of ['user:suspend', 'user:reinstate']) assert.equal((await run(name, 'nobody')).exitCode, 1)
  })

  test('user:role makes an admin, and knows no other roles', async ({ client, assert }) => {
    await newcomer(client, 'ada')
    assert.equal((await run('user:role', 'ada', 'admin')).output.role, 'admin')
    assert.equal((await run('user:role', 'ada', 'king')).exitCode, 1)
    assert.equal((await run('user:role', 'nobody', 'admin')).exitCode, 1)
  })
})
