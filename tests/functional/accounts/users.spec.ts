import db from '@adonisjs/lucid/services/db'
import type { ApiClient } from '@japa/api-client'
import { test } from '@japa/runner'
import User from '#models/user'
import { normalized } from '#providers/validation/index'
import { cleanUp, logIn, newcomer, PASSWORD } from '#tests/helpers'

const account = (username: string, email = 'someone@example.org') => ({ username, email, password: PASSWORD })

/** The complaints about each of the names: to somebody who signs up under it, and to ada, who wants it too. */
async function* refusals(client: ApiClient, names: string[]) {
  const { headers } = await newcomer(client, 'ada')
  for (const username of names) {
    for (const response of [
      await client.post('/v1/users').json(account(username)),
      await client.patch('/v1/users/ada').headers(headers).json({ username }),
    ]) {
      response.assertStatus(422)
      yield response.body().errors[0]
    }
  }
}

test.group('Users', (group) => {
  group.each.setup(cleanUp)

  test('signs up a user together with a profile', async ({ client, assert }) => {
    const response = await client.post('/v1/users').json(account('Ada', 'Ada@Example.org'))

    response.assertStatus(201)
    const { data } = response.body()
    assert.containsSubset(data, { username: 'Ada', email: 'Ada@Example.org', role: 'member' })
    assert.deepEqual(data.profile, { name: null, bio: null, website: null, pronouns: null, avatar: null })
    assert.match(data.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
    assert.match(data.createdAt, /T\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.equal(response.header('location'), '/v1/users/Ada')
    assert.lengthOf(await db.from('profiles').where('user_id', data.id), 1)
  })

  test('keeps no password in clear', async ({ client, assert }) => {
    await newcomer(client, 'ada')
    const { password } = await db.from('users').firstOrFail()
    assert.match(password, /^\$scrypt\$/)
  })

  for (const [first, second] of [
    ['ada', 'ADA'],
    ['Ärger', 'äRGER'],
    ['Straße', 'STRASSE'],
    ['Ωμεγας', 'ΩΜΕΓΑΣ'],
    ['ﬁnn', 'FINN'],
  ]) {
    test(`takes ${first} and ${second} for one name`, async ({ client, assert }) => {
      await newcomer(client, first)
      const response = await client.post('/v1/users').json(account(second))

      response.assertStatus(409)
      assert.equal(response.header('content-type'), 'application/problem+json; charset=utf-8')
      assert.containsSubset(response.body(), { code: 'E_TAKEN', errors: [{ field: 'username', rule: 'unique' }] })
    })
  }

  test('takes e-mails for one without regard to case', async ({ client, assert }) => {
    await client.post('/v1/users').json(account('ada', 'Ada@example.org'))
    const response = await client.post('/v1/users').json(account('bert', 'ADA@EXAMPLE.org'))
    response.assertStatus(409)
    assert.equal(response.body().errors[0].field, 'email')
  })

  test('lets one of four win who sign up at once', async ({ client, assert }) => {
    const responses = await Promise.all(
      [0, 1, 2, 3].map((n) => client.post('/v1/users').json(account('ada', `ada${n}@example.org`)))
    )
    assert.deepEqual(responses.map((each) => each.status()).sort(), [201, 409, 409, 409])
    for (const each of responses) if (each.status() === 409) assert.equal(each.body().errors[0].field, 'username')
    assert.lengthOf(await db.from('users'), 1)
    assert.lengthOf(await db.from('profiles'), 1)
  })

  for (const [what, change, field] of [
    ['a reserved name', { username: 'Admin' }, 'username'],
    ['a short name', { username: 'ab' }, 'username'],
    ['a name with a slash', { username: 'a/../b' }, 'username'],
    ['a name with NUL', { username: 'abc\u0000d' }, 'username'],
    ['half a surrogate pair', { username: 'abc\ud800' }, 'username'],
    ['a number for a name', { username: 12345 }, 'username'],
    ['no e-mail', { email: 'nobody' }, 'email'],
    ['a short password', { password: 'ninechars' }, 'password'],
    ['a long password', { password: 'x'.repeat(257) }, 'password'],
    ['a common password', { password: 'Qwertyuiop' }, 'password'],
    ['a common password in wide letters', { password: '１２３４５６７８９０' }, 'password'],
    ['a repeated password', { password: 'abcabcabcabc' }, 'password'],
    ['an unknown field', { role: 'admin' }, 'role'],
  ] as [string, object, string][]) {
    test(`refuses ${what}, and names the field`, async ({ client, assert }) => {
      const response = await client.post('/v1/users').json({ ...account('ada'), ...change })
      response.assertStatus(422)
      assert.equal(response.body().code, 'E_VALIDATION_ERROR')
      assert.equal(response.body().errors[0].field, field)
      assert.lengthOf(await db.from('users'), 0)
    })
  }

  for (const invisible of ['\u034f', '\u17b4', '\u180b', '\u3164', '\ufe0f', '\uffa0', '\u{e0100}']) {
    const codePoint = `U+${invisible.codePointAt(0)!.toString(16)}`
    test(`refuses a name with ${codePoint}, which nobody sees`, async ({ client, assert }) => {
      for await (const error of refusals(client, [`ada${invisible}`, `a${invisible}da`, `admin${invisible}`]))
        assert.containsSubset(error, { field: 'username', rule: 'invisible' })
      assert.lengthOf(await db.from('users'), 1)
    })
  }

  test('refuses a name that is none when it is written out', async ({ client, assert }) => {
    for await (const error of refusals(client, ['ﷺ'.repeat(3), 'ﷺ'.repeat(30), 'one½', '⑴⑵⑶', 'Liŀa', 'ﾞada']))
      assert.containsSubset(error, { field: 'username', rule: 'plain' })
  })

  test('refuses an e-mail that is too long when it is folded', async ({ client, assert }) => {
    const { headers } = await newcomer(client, 'ada')
    const email = `bert@${'ﷺ'.repeat(63)}.org`
    for (const response of [
      await client.post('/v1/users').json(account('bert', email)),
      await client.patch('/v1/users/ada').headers(headers).json({ email }),
    ]) {
      response.assertStatus(422)
      assert.containsSubset(response.body().errors, [{ field: 'email', rule: 'keepable' }])
    }
  })

  for (const letter of ['ß', 'İ', 'ΐ', 'Ⅷ', 'ﷲ']) {
    test(`takes 30 times ${letter} for a name`, async ({ client }) => {
      const name = letter.repeat(30)
      ;(await client.post('/v1/users').json(account(name))).assertStatus(201)
      ;(await client.get(`/v1/users/${encodeURIComponent(name)}`)).assertStatus(200)
    })
  }

  test('refuses a reserved name in letters that look like its own', async ({ client, assert }) => {
    for await (const error of refusals(client, ['арі', 'РОЅТЅ', 'ａｄｍｉｎ', '𝐚𝐝𝐦𝐢𝐧']))
      assert.containsSubset(error, { field: 'username', rule: 'reserved' })
  })

  for (const name of ['supp𝛐rt', 'µira', 'аdmin', 'pаypal', 'αda', 'ada_привет', 'Ωmega', 'адa']) {
    test(`refuses ${name}, which mixes scripts that look alike`, async ({ client, assert }) => {
      const response = await client.post('/v1/users').json(account(name))
      response.assertStatus(422)
      assert.containsSubset(response.body().errors[0], { field: 'username', rule: 'script' })
    })
  }

  for (const name of ['привет', 'Ωμεγα', '김ada', '田中さんtaro', '陳Chen', 'آدا_1', 'ada.2']) {
    test(`takes ${name}`, async ({ client }) => {
      ;(await client.post('/v1/users').json(account(name))).assertStatus(201)
    })
  }

  // The first is of Latin letters, the second of those of another script.
  for (const [latin, other] of [
    ['copa', 'сора'],
    ['PAX1', 'РАХ1'],
    ['oiav', 'οιαν'],
    ['oiav', '𝛐𝛊𝛂𝛎'],
    ['copa', 'ϲορα'],
    ['hope', 'Норе'],
    ['joë', 'јоё'],
    ['김copa', '김сора'],
  ]) {
    test(`gives away one of ${latin} and ${other}, which look alike`, async ({ client, assert }) => {
      for (const [first, second] of [
        [latin, other],
        [other, latin],
      ]) {
        await cleanUp()
        const { headers } = await newcomer(client, first)
        const bert = await newcomer(client, 'bert')
        for (const response of [
          await client.post('/v1/users').json(account(second)),
          await client.patch('/v1/users/bert').headers(bert.headers).json({ username: second }),
        ]) {
          response.assertStatus(409)
          assert.containsSubset(response.body(), { code: 'E_TAKEN', errors: [{ field: 'username', rule: 'unique' }] })
          assert.match(response.body().detail, /looks like/)
        }
        ;(await client.delete(`/v1/users/${encodeURIComponent(first)}`).headers(headers)).assertStatus(204)
        ;(await client.post('/v1/users').json(account(second))).assertStatus(201)
      }
    })
  }

  test('lets one of two win who sign up at once under names that look alike', async ({ client, assert }) => {
    const responses = await Promise.all(
      ['copa1', 'сора1'].map((name, n) => client.post('/v1/users').json(account(name, `copa${n}@example.org`)))
    )
    assert.deepEqual(responses.map((each) => each.status()).sort(), [201, 409])
    assert.lengthOf(await db.from('users'), 1)
  })

  test('lets one of two win who take names that look alike at once', async ({ client, assert, cleanup }) => {
    const people = [await newcomer(client, 'ada'), await newcomer(client, 'bert')]
    const both = Promise.withResolvers<void>()
    let waiting = 0
    const meet = async () => {
      if (++waiting === 2) both.resolve()
      await both.promise
    }
    User.before('update', meet)
    cleanup(() => void User.$hooks.remove('before:update', meet))
    const responses = await Promise.all(
      ['copa1', 'сора1'].map((username, n) =>
        client.patch(`/v1/users/${people[n].username}`).headers(people[n].headers).json({ username })
      )
    )
    assert.deepEqual(responses.map((each) => each.status()).sort(), [200, 409])
  })

  test('brings no account back whose name looks like somebody’s', async ({ client, assert }) => {
    const { headers } = await newcomer(client, 'ace1')
    ;(await client.delete('/v1/users/ace1').headers(headers)).assertStatus(204)
    const other = await newcomer(client, 'асе1')
    const response = await client.post('/v1/session').json({ login: 'ace1', password: PASSWORD })
    response.assertStatus(409)
    assert.containsSubset(response.body(), { code: 'E_TAKEN', errors: [{ field: 'username', rule: 'unique' }] })
    ;(await client.get('/v1/users/ace1')).assertStatus(404)

    ;(await client.delete(`/v1/users/${encodeURIComponent('асе1')}`).headers(other.headers)).assertStatus(204)
    await logIn(client, 'ace1')
    ;(await client.get('/v1/users/ace1')).assertStatus(200)
  })

  test('takes the own name in the letters of another script', async ({ client }) => {
    const { headers } = await newcomer(client, 'ace1')
    ;(await client.patch('/v1/users/ace1').headers(headers).json({ username: 'асе1' })).assertStatus(200)
  })

  test('keeps text in its composed form', async ({ client, assert }) => {
    const { headers } = await newcomer(client, 'Rene\u0301')
    const profile = { name: 'Re\u0301ne\u0301', bio: 'A\u030a' }
    await client
      .patch(`/v1/users/${encodeURIComponent('René')}/profile`)
      .headers(headers)
      .json(profile)
    const [row] = await db.from('profiles')
    assert.deepEqual([row.name, row.bio], ['Réné', 'Å'])
    assert.equal((await db.from('users').firstOrFail()).username, 'René')
  })

  test('takes nothing from a prototype that was sent', async ({ client, assert }) => {
    const body = JSON.stringify(account('ada')).replace(
      '{',
      '{"__proto__":{"role":"admin"},"constructor":{"prototype":{"role":"admin"}},'
    )
    const response = await client
      .post('/v1/users')
      .header('content-type', 'application/json')
      .setup((request) => void request.request.send(body))
    response.assertStatus(201)
    assert.equal((await db.from('users').firstOrFail()).role, 'member')
    assert.notProperty({}, 'role')
  })

  test('answers a body that is not JSON in words of its own', async ({ client, assert }) => {
    for (const body of ['{"username":', '[[[['.repeat(500), '"text"', '\u0000']) {
      const response = await client
        .post('/v1/users')
        .header('content-type', 'application/json')
        .setup((request) => void request.request.send(body))
      assert.oneOf(response.status(), [400, 422])
      assert.notMatch(response.body().detail, /token|position|unexpected|depth|stack/i)
    }
  })

  test('shows the e-mail to its owner only', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const bert = await newcomer(client, 'bert')
    const seenBy = async (headers: Record<string, string>) =>
      (await client.get('/v1/users/ADA').headers(headers)).body().data

    assert.equal((await seenBy(ada.headers)).email, ada.email)
    assert.notProperty(await seenBy(bert.headers), 'email')
    assert.notProperty(await seenBy({}), 'email')
  })

  test('finds a name in another script and case', async ({ client }) => {
    await newcomer(client, 'Ärger')
    const response = await client.get(`/v1/users/${encodeURIComponent('äRGER')}`)
    response.assertStatus(200)
  })

  test('lists the users in pages, each once', async ({ client, assert }) => {
    for (const name of ['ada', 'bert', 'cleo', 'dina', 'emil']) await newcomer(client, name)

    const names: string[] = []
    let cursor = ''
    do {
      const page = await client.get(`/v1/users?limit=2${cursor && `&cursor=${cursor}`}`)
      page.assertStatus(200)
      names.push(...page.body().data.map(({ username }: { username: string }) => username))
      cursor = page.body().meta.nextCursor
      if (cursor) assert.include(page.header('link'), `cursor=${cursor}>; rel="next"`)
    } while (cursor)
    assert.deepEqual(names, ['emil', 'dina', 'cleo', 'bert', 'ada'])
  })

  test('says in Link what the list was asked for, and nothing else', async ({ client, assert }) => {
    const [, bert] = [await newcomer(client), await newcomer(client)]
    const page = await client.get(`/v1/users?other=${'('.repeat(4000)}&limit=001`)
    assert.equal(page.header('link'), `<http://calotype.test/v1/users?limit=1&cursor=${bert.id}>; rel="next"`)
  })

  test('renames the own account, and nobody else’s', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    await newcomer(client, 'bert')

    const renamed = await client.patch('/v1/users/ada').headers(ada.headers).json({ username: 'Adele' })
    renamed.assertStatus(200)
    assert.equal(renamed.body().data.username, 'Adele')
    ;(await client.get('/v1/users/ada')).assertStatus(404)
    ;(await client.get('/v1/users/adele')).assertStatus(200)
    ;(await client.patch('/v1/users/bert').headers(ada.headers).json({ username: 'cleo' })).assertStatus(403)
    ;(await client.patch('/v1/users/adele').headers(ada.headers).json({ username: 'BERT' })).assertStatus(409)
    ;(await client.patch('/v1/users/adele').json({ username: 'dina' })).assertStatus(401)
  })

  test('deletes the own account with all that hangs on it, and nobody else’s', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const bert = await newcomer(client, 'bert')
    ;(await client.delete('/v1/users/ada').headers(bert.headers)).assertStatus(403)
    ;(await client.delete('/v1/users/ada').headers(ada.headers)).assertStatus(204)

    ;(await client.get('/v1/users/ada')).assertStatus(404)
    ;(await client.get('/v1/sessions').headers(ada.headers)).assertStatus(401)
    assert.deepEqual(
      (await db.from('users').whereNull('deleted_at').select('username')).map(({ username }) => username),
      ['bert']
    )
    assert.lengthOf(await db.from('auth_access_tokens'), 1)
  })

  test('edits the own profile', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const bert = await newcomer(client, 'bert')
    const profile = {
      name: 'Ada L.',
      bio: 'Counts.\nPaints 👩‍🎨',
      website: 'https://ada.example.org/x',
      pronouns: 'she/her',
    }

    const edited = await client.patch('/v1/users/ada/profile').headers(ada.headers).json(profile)
    edited.assertStatus(200)
    assert.containsSubset((await client.get('/v1/users/ada/profile')).body().data, profile)
    ;(await client.patch('/v1/users/ada/profile').headers(bert.headers).json(profile)).assertStatus(403)
    ;(
      await client.patch('/v1/users/ada/profile').headers(ada.headers).json({ website: 'javascript:alert(1)' })
    ).assertStatus(422)
    ;(
      await client
        .patch('/v1/users/ada/profile')
        .headers(ada.headers)
        .json({ bio: 'x'.repeat(501) })
    ).assertStatus(422)

    // As people count characters, each of these is one.
    for (const one of ['👨‍👩‍👧‍👦', `e${'\u0301'.repeat(14)}`]) {
      const long = { name: one.repeat(60), bio: one.repeat(500), pronouns: one.repeat(40) }
      const taken = await client.patch('/v1/users/ada/profile').headers(ada.headers).json(long)
      taken.assertStatus(200)
      assert.containsSubset(taken.body().data, normalized(long) as object)
    }

    const emptied = await client.patch('/v1/users/ada/profile').headers(ada.headers).json({ bio: null })
    assert.isNull(emptied.body().data.bio)
    assert.isString(emptied.body().data.name)
  })
})
