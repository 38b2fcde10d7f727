import { test } from '@japa/runner'
import { cleanUp, newcomer, publish } from '#tests/helpers'

test.group('The page', (group) => {
  group.each.setup(cleanUp)

  test('shows the newest public albums, without a script', async ({ client, assert }) => {
    const ada = await newcomer(client, 'ada')
    await publish(client, ada, { caption: 'Seen <by> "all"', pictures: 2 })
    await publish(client, ada, { caption: 'Seen by few', visibility: 'followers' })

    const page = await client.get('/')
    page.assertStatus(200)
    const html = page.text()
    assert.match(page.header('content-type')!, /^text\/html/)
    assert.include(html, 'Seen &lt;by&gt; &quot;all&quot;')
    assert.include(html, '&#64;ada')
    assert.include(html, '2 pictures')
    assert.notInclude(html, 'Seen by few')
    assert.notInclude(html, '<script')
    assert.notMatch(html, /\{\{|undefined|\[object/)
  })

  test('says so when there is nothing yet', async ({ client, assert }) => {
    assert.include((await client.get('/')).text(), 'Nobody has published an album yet')
  })

  test('tells that the server lives', async ({ client }) => {
    const response = await client.get('/health/live')
    response.assertStatus(200)
    response.assertBody({ status: 'ok' })
  })

  test('answers an unknown address with a problem', async ({ client, assert }) => {
    const response = await client.get('/v1/nothing')
    response.assertStatus(404)
    assert.deepInclude(response.body(), { type: 'about:blank', title: 'Not Found', status: 404, code: 'E_NOT_FOUND' })
  })
})
