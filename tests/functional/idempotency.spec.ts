import { randomUUID } from 'node:crypto'
import app from '@adonisjs/core/services/app'
import router from '@adonisjs/core/services/router'
import testUtils from '@adonisjs/core/services/test_utils'
import limiter from '@adonisjs/limiter/services/main'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import type { Creation as Made } from '#providers/idempotency/index'
import { cleanUp, PASSWORD } from '#tests/helpers'
import { Account } from '#tests/server/account'
import { creations, essence, harmless, newName } from '#tests/suites/idempotency/creations'

const URL = `http://${process.env.HOST}:${process.env.PORT}`
const AT_ONCE = 50

const countOf = async (table: string) => Number((await db.from(table).count('* as total').firstOrFail()).total)
const someone = () => Account.signUp(URL, newName())

test.group('A POST with an Idempotency-Key', (group) => {
  group.each.setup(cleanUp)

  test('is every POST that there is, or it is known why not', ({ assert }) => {
    const posts = router.toJSON().root.filter(({ methods }) => methods.includes('POST'))
    assert.sameMembers(
      posts.map(({ pattern }) => pattern),
      Object.keys({ ...creations, ...harmless })
    )
  })

  for (const [route, { table, prepare }] of Object.entries(creations)) {
    test(`${AT_ONCE} at once at ${route}: one effect and one answer`, async ({ assert }) => {
      const creation = await prepare(await someone())
      const before = await countOf(table)
      const key = randomUUID()
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => creation.send(key)))

      assert.equal(await countOf(table), before + 1)
      await limiter.clear()
      const [first, ...others] = answers.filter(({ status }) => status !== 409)
      assert.equal(first.status, 201, first.body.toString())
      for (const other of others) assert.deepEqual(essence(other), essence(first))
      for (const { status, headers, json } of answers) {
        if (status !== 409) continue
        assert.equal(json.code, 'E_IDEMPOTENCY_RUNNING')
        assert.match(headers['retry-after']!, /^[1-9]\d*$/)
        assert.deepEqual(essence(await creation.send(key)), essence(first))
      }
      assert.equal(await countOf(table), before + 1)
    })

    test(`at ${route} is answered again at once to many who ask`, async ({ assert }) => {
      const creation = await prepare(await someone())
      const key = randomUUID()
      const first = await creation.send(key)
      assert.equal(first.status, 201, first.body.toString())
      const again = await Promise.all(Array.from({ length: 20 }, () => creation.send(key)))
      for (const each of again) assert.deepEqual(essence(each), essence(first))
    })

    test(`at ${route} is refused with another body`, async ({ assert }) => {
      const creation = await prepare(await someone())
      const key = randomUUID()
      const first = await creation.send(key)
      const after = await countOf(table)
      const other = await creation.sendOther(key)
      assert.deepEqual([other.status, other.json.code], [422, 'E_IDEMPOTENCY_MISMATCH'])
      assert.equal(await countOf(table), after)
      assert.deepEqual(essence(await creation.send(key)), essence(first))
    })

    test(`at ${route} is another one for another account`, async ({ assert }) => {
      const key = randomUUID()
      const ofOne = await prepare(await someone())
      const ofOther = await prepare(await someone())
      const before = await countOf(table)
      const one = await ofOne.send(key)
      const other = await ofOther.send(key)
      assert.deepEqual([one.status, other.status], [201, 201])
      assert.notDeepEqual(one.json, other.json)
      assert.equal(await countOf(table), before + 2)
    })

    test(`at ${route} runs anew after 24 hours, and not before`, async ({ assert }) => {
      const creation = await prepare(await someone())
      const key = randomUUID()
      const first = await creation.send(key)
      const age = (hours: number) =>
        db.from('idempotency_keys').update({ created_at: new Date(Date.now() - hours * 3_600_000).toISOString() })
      await age(23.9)
      assert.deepEqual(essence(await creation.send(key)), essence(first))
      await age(24)
      const anew = await creation.send(key)
      // The name of an account, and the medium of a post, are taken now.
      const refused = { '/v1/users': 'E_TAKEN', '/v1/posts': 'E_VALIDATION_ERROR' }[route]
      assert.equal(anew.json.code, refused)
      if (!refused) assert.notDeepEqual(essence(anew), essence(first))
    })

    test(`at ${route} leaves nothing readable in the database`, async ({ assert }) => {
      const account = await someone()
      const creation = await prepare(account)
      await db.from('idempotency_keys').delete()
      const key = randomUUID()
      const { json } = await creation.send(key)
      const { kept, answer, ...row } = await db.from('idempotency_keys').firstOrFail()
      const secrets = [key, account.username, PASSWORD, json.data.token, json.data.id].filter(Boolean)
      for (const secret of secrets) assert.notInclude(JSON.stringify([kept, answer, row]), secret)
      const encryption = await app.container.make('encryption')
      assert.include(
        encryption.decrypt<string>(answer, row.id),
        JSON.stringify(json).slice(1, -1).replaceAll('"', '\\"')
      )
      assert.isNull(encryption.decrypt(answer, 'another row'))
    })
  }

  test('is refused at another address', async ({ assert }) => {
    const account = await someone()
    const key = randomUUID()
    await (await creations['/v1/media'].prepare(account)).send(key)
    const other = await (await creations['/v1/posts'].prepare(account)).send(key)
    assert.deepEqual([other.status, other.json.code], [422, 'E_IDEMPOTENCY_MISMATCH'])
  })

  test('is answered as it was the first time, whatever has happened since', async ({ assert }) => {
    const account = await someone()
    const creation = await creations['/v1/posts'].prepare(account)
    const key = randomUUID()
    const first = await creation.send(key)
    const path = `/v1/posts/${first.json.data.id}`
    await account.request('PUT', `${path}/like`)
    await account.request('PATCH', path, { caption: 'Another one' })
    assert.deepEqual(essence(await creation.send(key)), essence(first))
    await account.request('DELETE', path)
    assert.deepEqual(essence(await creation.send(key)), essence(first))
  })

  test('is not used up by a request that fails', async ({ assert }) => {
    const creation = await creations['/v1/posts'].prepare(await someone())
    const before = await countOf('idempotency_keys')
    const key = randomUUID()
    const unknown = creation.body.body.toString().replace(/[0-9a-f-]{36}/, randomUUID())
    const { sender, path } = creation
    const headers = { ...creation.body.headers, 'idempotency-key': key }
    assert.equal((await sender.post(path, { headers, body: Buffer.from(unknown) })).status, 422)
    assert.equal((await sender.post(path, { headers, body: Buffer.from('{"mediaIds":[]}') })).status, 422)
    assert.equal(await countOf('idempotency_keys'), before)
    assert.equal((await creation.send(key)).status, 201)
  })

  test('is not told apart by how a form is put together', async ({ assert }) => {
    const creation = await creations['/v1/media'].prepare(await someone())
    const key = randomUUID()
    const first = await creation.send(key)
    const { headers, body } = creation.body
    const another = (text: string) => text.replaceAll('calotype-test-boundary', 'another-boundary')
    const again = await creation.sender.post(creation.path, {
      headers: { 'content-type': another(headers['content-type']), 'idempotency-key': key },
      body: Buffer.from(another(body.toString('latin1')), 'latin1'),
    })
    assert.deepEqual(essence(again), essence(first))
  })

  test('wants a key of 1 to 255 printable characters', async ({ assert }) => {
    const creation = await creations['/v1/session'].prepare(await someone())
    for (const key of ['', 'é', 'a\tb', 'x'.repeat(256)]) {
      const { status, json } = await creation.send(key)
      assert.deepEqual([status, json.code], [400, 'E_IDEMPOTENCY_KEY'], key)
    }
    for (const key of ['1', 'a key ~!', 'x'.repeat(255)]) assert.equal((await creation.send(key)).status, 201)
  })

  test('means nothing to other methods', async ({ assert }) => {
    const account = await someone()
    account.headers['idempotency-key'] = 'x'.repeat(256)
    const path = `/v1/users/${account.username}/profile`
    for (const bio of ['one', 'two']) {
      const { status, json } = await account.request('PATCH', path, { bio })
      assert.deepEqual([status, json.data.bio], [200, bio])
    }
    assert.equal((await account.request('GET', '/v1/sessions')).status, 200)
    assert.equal((await account.request('DELETE', '/v1/session')).status, 204)
  })

  test('lets nobody without a log-in try bodies until one is right', async ({ assert }) => {
    const creation = await creations['/v1/users'].prepare(Account.guest(URL))
    const key = randomUUID()
    await creation.send(key)
    // Of those at once, some are turned away before they are looked at.
    const codes = new Set<string>()
    for (let round = 0; round < 5; round++) {
      await limiter.clear()
      const guesses = await Promise.all(Array.from({ length: 25 }, () => creation.sendOther(key)))
      for (const { json } of guesses) codes.add(json.code)
      for (let n = 0; n < 25; n++) codes.add((await creation.sendOther(key)).json.code)
    }
    assert.include([...codes], 'E_IDEMPOTENCY_MISMATCH')
    await limiter.clear()
    const late = await creation.send(key)
    assert.deepEqual([late.status, late.json.code], [429, 'E_IDEMPOTENCY_EXHAUSTED'])
    assert.equal(late.headers['retry-after'], '86400')
    assert.equal((await db.from('users').count('* as total').firstOrFail()).total, 1)
  })

  test('has its old keys swept, however many, and its young ones kept', async ({ assert }) => {
    const row = (id: string, hours: number) => ({
      id,
      fingerprint: '',
      kept: '',
      asked: 0,
      created_at: new Date(Date.now() - hours * 3_600_000).toISOString(),
    })
    const rows = [...Array.from({ length: 2300 }, (_, n) => row(`old ${n}`, 24)), row('young', 23.9)]
    while (rows.length > 0) await db.table('idempotency_keys').multiInsert(rows.splice(0, 100))
    assert.equal(await (await app.container.make('idempotency')).sweep(), 2300)
    assert.deepEqual(await db.from('idempotency_keys').select('id'), [{ id: 'young' }])
  })
})

test.group('An action with ctx.once()', (group) => {
  group.each.setup(cleanUp)

  /** Runs an action as the routes do, of a guest with this key. */
  async function act(
    key: string,
    creation: Partial<Made<number, number>> & Pick<Made<number, number>, 'make'>,
    method = 'POST'
  ) {
    const ctx = await testUtils.createHttpContext()
    ctx.request.request.method = method
    ctx.request.request.headers['idempotency-key'] = key
    Object.defineProperty(ctx, 'auth', { value: { user: { id: 'somebody' } } })
    const idempotency = await app.container.make('idempotency')
    return idempotency.handle(ctx, () => ctx.once({ keep: (made) => made, answer: (kept) => kept, ...creation }))
  }

  let made = 0
  const make = () => db.transaction(async () => ++made)

  test('lets nobody in while the first is at work', async ({ assert }) => {
    const { promise: started, resolve: start } = Promise.withResolvers<void>()
    const { promise: told, resolve: tell } = Promise.withResolvers<void>()
    const slow = async () => {
      start()
      await told
      return make()
    }
    const first = act('slow', { make: slow })
    await started
    const before = made
    await assert.rejects(() => act('slow', { make }), /still running/)
    assert.isNumber(await act('another', { make }))
    assert.equal(made, before + 1)
    tell()
    const answer = await first
    assert.equal(await act('slow', { make }), answer)
    assert.equal(made, before + 2)
  })

  test('answers later what it had made when its answer failed', async ({ assert }) => {
    const answer = () => {
      throw new RangeError('on purpose')
    }
    await assert.rejects(() => act('one', { make, answer }), 'on purpose')
    assert.equal(await act('one', { make }), made)
    assert.equal(await act('one', { make }), made)
  })

  test('answers what was made where only the word of it was lost', async ({ assert }) => {
    const lost = async () => {
      await make()
      throw new RangeError('Connection terminated')
    }
    assert.equal(await act('two', { make: lost }), made)
  })

  test('keeps the transaction that returns something, and only one', async ({ assert }) => {
    const several = async () => {
      await db.transaction(async () => {})
      await make()
      return make()
    }
    const first = made + 1
    assert.equal(await act('three', { make: several }), first)
    assert.lengthOf(await db.from('idempotency_keys'), 1)
  })

  test('knows no key of another method', async ({ assert }) => {
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const first = await act('any', { make }, method)
      assert.equal(await act('any', { make }, method), first + 1)
      await act('x'.repeat(256), { make }, method)
    }
    assert.lengthOf(await db.from('idempotency_keys'), 0)
  })

  test('says so when there was no transaction', async ({ assert }) => {
    await assert.rejects(() => act('four', { make: async () => 1 }), /not made in a transaction/)
  })

  test('makes nothing when another process was faster, and answers as that one did', async ({ assert }) => {
    const first = await act('five', { make })
    const row = await db.from('idempotency_keys').firstOrFail()
    await db.from('idempotency_keys').delete()
    const slower = async () => {
      await db.table('idempotency_keys').insert(row)
      return db.transaction(async (client) => {
        await client.table('idempotency_keys').insert({ ...row, id: 'its effect' })
        return ++made
      })
    }
    assert.equal(await act('five', { make: slower }), first)
    assert.deepEqual(await db.from('idempotency_keys').select('id'), [{ id: row.id }])
  })
})
