import hash from '@adonisjs/core/services/hash'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { failedLogIns } from '#config/limiter'
import { Attempts } from '#models/attempts'
import { Password } from '#models/password'
import User from '#models/user'
import { beforeCommit } from '#providers/commit_guard/index'
import { cleanUp, eventually, logIn, newcomer, PASSWORD, someoneWaits } from '#tests/helpers'
import { countStatements } from '#tests/statements'

const ANOTHER = 'quite another passphrase'

/** What ends the sessions of an account, and how a log-in is answered that began before. */
const ENDINGS = [
  { ending: 'its password changes', end: (user: User) => user.changePassword(ANOTHER), code: 'E_WRONG_CREDENTIALS' },
  { ending: 'it is deleted', end: (user: User) => user.delete(), code: 'E_WRONG_CREDENTIALS' },
  { ending: 'it is suspended', end: (user: User) => user.suspend(), code: 'E_SUSPENDED' },
]

/** Does the work, and the change right after a password was looked at in it, the first time. */
async function meanwhile<Result>(work: () => Promise<Result>, change: () => Promise<unknown>): Promise<Result> {
  const { matches } = Password
  Password.matches = async (...values) => {
    Password.matches = matches
    const isRight = await matches.apply(Password, values)
    await change()
    return isRight
  }
  try {
    return await work()
  } finally {
    Password.matches = matches
  }
}

async function isLogIn(password: string) {
  return (await User.logIn('ada', password)) !== null
}

test.group('Sessions', (group) => {
  group.each.setup(cleanUp)

  test('logs in by name and by e-mail, without regard to case', async ({ client }) => {
    const ada = await newcomer(client, 'ada')
    for (const login of ['ADA', ada.email.toUpperCase()]) {
      const { headers } = await logIn(client, login)
      ;(await client.get('/v1/sessions').headers(headers)).assertStatus(200)
    }
  })

  test('answers a wrong password and a name that is nobody’s alike', async ({ client, assert }) => {
    await newcomer(client, 'ada')
    const wrong = await client.post('/v1/session').json({ login: 'ada', password: 'another passphrase' })
    const nobody = await client.post('/v1/session').json({ login: 'zoe', password: 'another passphrase' })

    wrong.assertStatus(401)
    nobody.assertStatus(401)
    assert.deepEqual(wrong.body(), nobody.body())
  })

  test('verifies a hash of the same cost for a name that is nobody’s, so that the time tells nothing', async ({
    client,
    assert,
    cleanup,
  }) => {
    await newcomer(client, 'ada')
    const verified: string[] = []
    const { verify } = hash
    cleanup(() => void (hash.verify = verify))
    hash.verify = (hashed, plain) => {
      verified.push(hashed.split('$').slice(0, 3).join('$'))
      return verify.call(hash, hashed, plain)
    }
    for (const login of ['ada', 'zoe', 'ada', 'zoe'])
      await client.post('/v1/session').json({ login, password: 'another passphrase' })
    assert.lengthOf(verified, 4)
    assert.lengthOf(new Set(verified), 1)
    assert.match(verified[0], /^\$scrypt\$n=\d+,r=\d+,p=\d+$/)
  })

  test('keeps only a hash of the token', async ({ client, assert }) => {
    const { token } = await newcomer(client, 'ada')
    const row = await db.from('auth_access_tokens').firstOrFail()
    assert.notInclude(JSON.stringify(row), token.slice(-43))
    assert.match(row.hash, /^[0-9a-f]{64}$/)
  })

  test('logs out the session at hand and no other', async ({ client }) => {
    const first = await newcomer(client, 'ada')
    const second = await logIn(client, 'ada')
    ;(await client.delete('/v1/session').headers(first.headers)).assertStatus(204)
    ;(await client.get('/v1/sessions').headers(first.headers)).assertStatus(401)
    ;(await client.get('/v1/sessions').headers(second.headers)).assertStatus(200)
  })

  test('lists the own sessions with their devices, and revokes one', async ({ client, assert }) => {
    const first = await newcomer(client, 'ada')
    const second = await logIn(client, 'ada')
    await newcomer(client, 'bert')

    const { data } = (await client.get('/v1/sessions').headers(second.headers)).body()
    assert.lengthOf(data, 2)
    assert.deepEqual(
      data.map(({ isCurrent }: { isCurrent: boolean }) => isCurrent),
      [true, false]
    )
    assert.equal(data[0].device, 'test')
    ;(await client.delete(`/v1/sessions/${data[1].id}`).headers(second.headers)).assertStatus(204)
    ;(await client.get('/v1/sessions').headers(first.headers)).assertStatus(401)
  })

  test('revokes nobody else’s session', async ({ client }) => {
    const ada = await newcomer(client, 'ada')
    const bert = await newcomer(client, 'bert')
    const { data } = (await client.get('/v1/sessions').headers(ada.headers)).body()
    ;(await client.delete(`/v1/sessions/${data[0].id}`).headers(bert.headers)).assertStatus(404)
    ;(await client.get('/v1/sessions').headers(ada.headers)).assertStatus(200)
  })

  test('changes the password, and ends the other sessions', async ({ client }) => {
    const here = await newcomer(client, 'ada')
    const elsewhere = await logIn(client, 'ada')
    const change = (currentPassword: string) =>
      client.put('/v1/password').headers(here.headers).json({ currentPassword, password: 'quite another passphrase' })

    ;(await change('not this one')).assertStatus(401)
    ;(await client.get('/v1/sessions').headers(elsewhere.headers)).assertStatus(200)

    ;(await change(PASSWORD)).assertStatus(204)
    ;(await client.get('/v1/sessions').headers(here.headers)).assertStatus(200)
    ;(await client.get('/v1/sessions').headers(elsewhere.headers)).assertStatus(401)
    ;(await client.post('/v1/session').json({ login: 'ada', password: PASSWORD })).assertStatus(401)
    await logIn(client, 'ada', 'quite another passphrase')
  })

  for (const { ending, end, code } of ENDINGS) {
    const sessions = async () => (await db.from('auth_access_tokens')).length

    test(`refuses a log-in to an account while ${ending}`, async ({ client, assert }) => {
      const { id } = await newcomer(client, 'ada')
      const response = await meanwhile(
        () => client.post('/v1/session').json({ login: 'ada', password: PASSWORD }),
        async () => end(await User.findOrFail(id))
      )
      assert.equal(response.body().code, code)
      assert.equal(await sessions(), 0)
    })

    test(`ends also the session that is just being written while ${ending}`, async ({ client, assert, cleanup }) => {
      const { id } = await newcomer(client, 'ada')
      const user = await User.findOrFail(id)
      let ended: Promise<void> | undefined
      const stop = beforeCommit(async (transaction, result: any) => {
        if (!result?.token) return
        stop()
        assert.lengthOf(await transaction.from('auth_access_tokens'), 2)
        ended = end(user)
        if (transaction.dialect.name === 'postgres') await eventually(someoneWaits, 'it waits for the log-in')
      })
      cleanup(stop)
      ;(await client.post('/v1/session').json({ login: 'ada', password: PASSWORD })).assertStatus(201)
      await ended
      assert.equal(await sessions(), 0)
    })
  }

  test('lets in two who bring a deleted account back at once', async ({ client, assert }) => {
    const { id } = await newcomer(client, 'ada')
    await (await User.findOrFail(id)).delete()
    const response = await meanwhile(
      () => client.post('/v1/session').json({ login: 'ada', password: PASSWORD }),
      () => logIn(client, 'ada')
    )
    response.assertStatus(201)
    assert.lengthOf(await db.from('auth_access_tokens'), 2)
  })

  test('does not change a password that has changed since the current one was asked for', async ({
    client,
    assert,
  }) => {
    const { id, headers } = await newcomer(client, 'ada')
    const response = await meanwhile(
      () =>
        client
          .put('/v1/password')
          .headers(headers)
          .json({ currentPassword: PASSWORD, password: `${ANOTHER} still` }),
      async () => (await User.findOrFail(id)).changePassword(ANOTHER)
    )
    response.assertStatus(409)
    assert.equal(response.body().code, 'E_CHANGED_MEANWHILE')
    assert.deepEqual(await Promise.all([ANOTHER, `${ANOTHER} still`].map(isLogIn)), [true, false])
  })

  test('refuses a token that is forged, cut, expired or of another form', async ({ client, assert }) => {
    const { token } = await newcomer(client, 'ada')
    const [prefix, id, secret] = token.split(/_(.{32})_/)
    const forged = `${prefix}_${id}_${(secret[0] === 'A' ? 'B' : 'A') + secret.slice(1)}`
    for (const wrong of [
      forged,
      token.slice(0, -1),
      `${token}x`,
      id,
      'calotype__',
      '\u00e4',
      `${prefix}_${'0'.repeat(32)}_${secret}`,
    ]) {
      const response = await client.get('/v1/sessions').header('authorization', `Bearer ${encodeURI(wrong)}`)
      response.assertStatus(401)
      assert.equal(response.header('www-authenticate'), 'Bearer')
    }
    await db.from('auth_access_tokens').update({ expires_at: new Date(Date.now() - 1000).toISOString() })
    ;(await client.get('/v1/sessions').header('authorization', `Bearer ${token}`)).assertStatus(401)
  })

  test('writes nothing for a token that is wrong or expired', async ({ client, assert }) => {
    const { token, headers } = await newcomer(client, 'ada')
    await client
      .get('/v1/sessions')
      .header('authorization', `Bearer ${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)
    await db.from('auth_access_tokens').update({ expires_at: new Date(Date.now() - 1000).toISOString() })
    await client.get('/v1/sessions').headers(headers)
    assert.isNull((await db.from('auth_access_tokens').firstOrFail()).last_used_at)
  })

  test('notes when a token was last used, once a minute, in one statement a request otherwise', async ({
    client,
    assert,
  }) => {
    const { headers } = await newcomer(client, 'ada')
    const lastUsed = async () => (await db.from('auth_access_tokens').firstOrFail()).last_used_at

    assert.isNull(await lastUsed())
    await client.get('/v1/users').headers(headers)
    const first = await lastUsed()
    assert.isNotNull(first)

    const statements = await countStatements(() => client.get('/v1/sessions').headers(headers))
    assert.deepEqual(await lastUsed(), first)
    assert.equal(statements, 2, 'one for the token, one for the list')
  })

  test('bounds the failed log-ins of an account, and tells when to come again', async ({ client, assert, cleanup }) => {
    const { wait } = failedLogIns
    cleanup(() => void (failedLogIns.wait = wait))
    // Two seconds may pass between two requests of a busy machine.
    failedLogIns.wait = { ...wait, first: wait.longest }
    await newcomer(client, 'ada')
    for (let n = 0; n < 10; n++)
      await client.post('/v1/session').json({ login: n % 2 ? 'ada' : 'ADA', password: 'another passphrase' })

    const response = await client.post('/v1/session').json({ login: 'ada', password: PASSWORD })
    response.assertStatus(429)
    assert.isAbove(Number(response.header('retry-after')), 0)
    assert.equal(response.body().code, 'E_TOO_MANY_REQUESTS')
  })

  test('lets the two names of an account fail a hundred times an hour, and tells of neither whose it is', async ({
    client,
    assert,
  }) => {
    const ada = await newcomer(client, 'ada')
    let network = 0
    const failures = async (login: string) => {
      for (let looked = 0; ; looked++) {
        try {
          await Attempts.logIn(`2001:db8:0:${++network}::1`, login, async () => null)
        } catch (error) {
          assert.equal(error.code, 'E_TOO_MANY_REQUESTS')
          return looked
        }
      }
    }
    const byName = await failures('ada')
    ;(await client.post('/v1/session').json({ login: 'ADA', password: PASSWORD })).assertStatus(429)
    for (const login of [ada.email, 'nobody@example.org'])
      (await client.post('/v1/session').json({ login, password: 'another passphrase' })).assertStatus(401)
    assert.isAtMost(byName + 1 + (await failures(ada.email)), 100)
  })

  test('does not count the log-ins that succeed against the account', async ({ client }) => {
    await newcomer(client, 'ada')
    for (let n = 0; n < 12; n++) await logIn(client, 'ada')
  })

  test('bounds the attempts of an address', async ({ client, assert }) => {
    const statuses = new Set<number>()
    for (let n = 0; n < 61; n++)
      statuses.add((await client.post('/v1/session').json({ login: `nobody${n}`, password: 'x' })).status())
    assert.deepEqual([...statuses], [401, 429])
  })
})
