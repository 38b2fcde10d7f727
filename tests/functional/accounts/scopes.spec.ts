import router from '@adonisjs/core/services/router'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { run } from '#tests/commands'
import { cleanUp, newcomer, PASSWORD, publish } from '#tests/helpers'

const ID = '01a20f54-608e-73ef-88ed-f921ca91d744'

/** Every route that takes a token, with the scope that it asks for. */
function guarded() {
  return router.toJSON().root.flatMap(({ pattern, methods, middleware }) => {
    const guard: any = [...middleware.all()].find(({ name }: any) => ['viewer', 'auth'].includes(name))
    const path = pattern.replace(':username', 'ada').replace(/:\w+/g, ID)
    const scope: string = guard?.args?.scope ?? 'read'
    return guard ? methods.filter((each) => each !== 'HEAD').map((method) => ({ method, path, scope, guard })) : []
  })
}

test.group('Scopes', (group) => {
  group.each.setup(cleanUp)

  test('a token is refused wherever its scopes do not reach, and changes nothing', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    await publish(client, ada)
    const headersFor = async (scopes: string[]) => {
      const response = await client.post('/v1/session').json({ login: 'ada', password: PASSWORD, scopes })
      response.assertStatus(201)
      assert.deepEqual(response.body().data.scopes, scopes)
      return { authorization: `Bearer ${response.body().data.token}` }
    }
    const rows = async () => JSON.stringify([await db.from('users'), await db.from('posts'), await db.from('profiles')])
    const [read, write] = [await headersFor(['read']), await headersFor(['write'])]
    const before = await rows()
    for (const { method, path, scope } of guarded()) {
      const headers = scope === 'read' ? write : read
      const response = await client[method.toLowerCase() as 'get'](path).headers(headers)
      response.assertStatus(403)
      assert.equal(response.body().code, 'E_SCOPE_MISSING', `${method} ${path}`)
    }
    assert.equal(await rows(), before)
  })

  test('a token that is revoked, expired, cut or doubled is refused everywhere', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    const [revoked, expired] = await Promise.all(
      [1, 2].map(() => client.post('/v1/session').json({ login: 'ada', password: PASSWORD }))
    )
    ;(
      await client.delete('/v1/session').headers({ authorization: `Bearer ${revoked.body().data.token}` })
    ).assertStatus(204)
    const [, id] = /^calotype_(\w{32})_/.exec(expired.body().data.token)!
    const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
    await db.from('auth_access_tokens').where('id', uuid).update({ expires_at: '2026-01-01T00:00:00.000Z' })
    const tokens = [revoked.body().data.token, expired.body().data.token, ada.token.slice(0, -1), ada.token + ada.token]
    for (const { method, path } of guarded()) {
      for (const token of tokens) {
        const response = await client[method.toLowerCase() as 'get'](path).headers({ authorization: `Bearer ${token}` })
        response.assertStatus(401)
        assert.match(response.body().detail, /log in, and send it/)
      }
    }
    assert.isAbove(guarded().length, 20)
  })

  test('only admins get the scope admin', async ({ client, assert }) => {
    await newcomer(client, 'ada')
    const ask = () => client.post('/v1/session').json({ login: 'ada', password: PASSWORD, scopes: ['admin'] })
    const refused = await ask()
    refused.assertStatus(403)
    assert.equal(refused.body().code, 'E_FORBIDDEN')
    await run('user:role', 'ada', 'admin')
    assert.deepEqual((await ask()).body().data.scopes, ['admin'])
    ;(await client.post('/v1/session').json({ login: 'ada', password: PASSWORD, scopes: ['all'] })).assertStatus(422)
  })

  test('token:create makes one with the scopes asked for, and a time to end', async ({ client, assert }) => {
    await newcomer(client, 'ada')
    const { exitCode, output } = await run('token:create', 'ada', '--scopes=read', '--days=7', '--device=backup')
    assert.equal(exitCode, 0)
    const headers = { authorization: `Bearer ${output.token}` }
    const { data } = (await client.get('/v1/sessions').headers(headers)).body()
    assert.containsSubset(data, [{ device: 'backup', scopes: ['read'], isCurrent: true }])
    ;(await client.delete('/v1/session').headers(headers)).assertStatus(403)
    for (const wrong of [['nobody'], ['ada', '--scopes=admin'], ['ada', '--scopes=king'], ['ada', '--days=0']]) {
      assert.equal((await run('token:create', ...wrong)).exitCode, 1, String(wrong))
    }
  })
})
