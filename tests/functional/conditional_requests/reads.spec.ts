import { freezeTime, test } from '@japa/runner'
import { cleanUp, newcomer, publish, upload } from '#tests/helpers'

test.group('Conditional reads', (group) => {
  group.each.setup(cleanUp)

  test('answers 304 without a body where the client has what there is', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada)
    await publish(client, ada)
    const medium = await upload(client, ada)
    // Signed addresses are others every ten minutes, and so is what shows them.
    freezeTime()
    for (const path of [
      `/v1/posts/${post.id}`,
      `/v1/users/${ada.username}`,
      `/v1/users/${ada.username}/profile`,
      `/v1/users/${ada.username}/posts?limit=1`,
      '/v1/users',
      `/v1/media/${medium.id}`,
      '/v1/sessions',
    ]) {
      const get = (headers = {}) => client.get(path).headers({ ...ada.headers, ...headers })
      const first = await get()
      first.assertStatus(200)
      const etag = first.header('etag')!
      assert.match(etag, /^"[\w.-]+"$/, path)
      assert.equal(first.header('cache-control'), 'private, no-cache')
      assert.equal(first.header('vary'), 'Authorization')
      assert.equal(first.header('content-type'), 'application/json; charset=utf-8')
      assert.equal(Number(first.header('content-length')), Buffer.byteLength(JSON.stringify(first.body())))

      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        // fetch adds no-cache by itself where the caller sets If-None-Match.
        const again = await get({ 'if-none-match': known, 'cache-control': 'no-cache' })
        again.assertStatus(304)
        assert.deepEqual(again.text() ?? '', '')
        for (const name of ['etag', 'cache-control', 'vary', 'link'])
          assert.equal(again.header(name), first.header(name), `${name} of ${path}`)
        assert.isUndefined(again.header('content-type'))
      }
      ;(await get({ 'if-none-match': '"other"' })).assertStatus(200)
      const head = await client.head(path).headers(ada.headers)
      assert.equal(head.header('etag'), etag)
    }
  })

  test('answers 304 to a fetch', async ({ client, assert }) => {
    const post = await publish(client, await newcomer(client))
    const address = `http://${process.env.HOST}:${process.env.PORT}/v1/posts/${post.id}`
    const etag = (await fetch(address)).headers.get('etag')!
    const again = await fetch(address, { headers: { 'If-None-Match': etag } })
    assert.equal(again.status, 304)
  })

  test('tells a page with a next one from the same page without', async ({ client, assert }) => {
    const ada = await newcomer(client)
    await publish(client, ada)
    const page = () => client.get(`/v1/users/${ada.username}/posts?limit=1`)
    const before = await page()
    assert.isUndefined(before.header('link'))
    await publish(client, ada)
    const after = await page().header('if-none-match', before.header('etag')!)
    after.assertStatus(200)
    assert.isString(after.header('link'))
  })

  test('gives each viewer an ETag of their own, and a new one with each change', async ({ client, assert }) => {
    const ada = await newcomer(client)
    const post = await publish(client, ada)
    const path = `/v1/posts/${post.id}`
    const tag = async (headers = {}) => (await client.get(path).headers(headers)).header('etag')
    const [hers, everyones] = [await tag(ada.headers), await tag()]
    assert.notEqual(hers, everyones)
    await client.put(`${path}/like`).headers(ada.headers)
    assert.notEqual(await tag(ada.headers), hers)
  })

  test('gives errors, and answers without JSON, no ETag', async ({ client, assert }) => {
    const ada = await newcomer(client)
    for (const request of [client.get('/v1/posts/x'), client.get('/v1/sessions'), client.get('/')])
      assert.isUndefined((await request).header('etag'))
    const deleted = await client.delete('/v1/session').headers(ada.headers)
    deleted.assertStatus(204)
    assert.isUndefined(deleted.header('etag'))
    const missing = await client.get('/v1/users/nobody-here').header('if-none-match', '*')
    missing.assertStatus(404)
  })
})
