import { test } from '@japa/runner'
import Block from '#models/block'
import Bookmark from '#models/bookmark'
import Post from '#models/post'
import User from '#models/user'
import { cleanUp, newcomer, publish } from '#tests/helpers'
import { countStatements } from '#tests/statements'

const idsOf = (response: any) => response.body().data.map(({ id }: any) => id)

test.group('Bookmarks', (group) => {
  group.each.setup(cleanUp)

  test('are made once, and taken away once, for one’s own eyes', async ({ client, assert }) => {
    const [ada, bert] = [await newcomer(client), await newcomer(client)]
    const { id } = await publish(client, ada)
    const path = `/v1/posts/${id}/bookmark`
    const isBookmarked = async ({ id: userId }: { id: string }) =>
      (await Post.findOrFail(id)).isBookmarkedBy(await User.findOrFail(userId))
    ;(await client.put(path)).assertStatus(401)
    ;(await client.get('/v1/bookmarks')).assertStatus(401)
    for (let n = 0; n < 2; n++) (await client.put(path).headers(bert.headers)).assertStatus(204)
    assert.lengthOf(await Bookmark.all(), 1)
    assert.deepEqual([await isBookmarked(bert), await isBookmarked(ada)], [true, false])
    assert.deepEqual(idsOf(await client.get('/v1/bookmarks').headers(bert.headers)), [id])
    assert.deepEqual(idsOf(await client.get('/v1/bookmarks').headers(ada.headers)), [])
    ;(await client.delete(path).headers(ada.headers)).assertStatus(204)
    assert.isTrue(await isBookmarked(bert))
    for (let n = 0; n < 2; n++) (await client.delete(path).headers(bert.headers)).assertStatus(204)
    assert.isFalse(await isBookmarked(bert))
    assert.deepEqual(idsOf(await client.get('/v1/bookmarks').headers(bert.headers)), [])
  })

  test('are shown in pages, the newest bookmark first, in two statements', async ({ client, assert }) => {
    const [ada, bert] = [await newcomer(client), await newcomer(client)]
    const posts: string[] = []
    for (let n = 0; n < 5; n++) posts.push((await publish(client, ada, { pictures: 1 + (n % 2) })).id)
    await client.put(`/v1/posts/${posts[3]}/pin`).headers(ada.headers)
    const order = [2, 0, 4, 1, 3]
    for (const index of order) await client.put(`/v1/posts/${posts[index]}/bookmark`).headers(bert.headers)

    const seen: string[][] = []
    for (let path = '/v1/bookmarks?limit=2'; path;) {
      const page = await client.get(path).headers(bert.headers)
      page.assertStatus(200)
      seen.push(idsOf(page))
      const next = /<([^>]+)>; rel="next"/.exec(page.header('link') ?? '')?.[1]
      assert.equal(page.body().meta.nextCursor !== null, next !== undefined)
      path = next ? next.replace('http://calotype.test', '') : ''
    }
    const ids = order.map((index) => posts[index]).reverse()
    assert.deepEqual(seen, [ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)])

    const page = (limit: number) => () => client.get(`/v1/bookmarks?limit=${limit}`).headers(bert.headers)
    assert.equal(await countStatements(page(1)), 2)
    assert.equal(await countStatements(page(5)), 2)
  })

  test('show nothing that the viewer does not see any more, and go away all the same', async ({ client, assert }) => {
    const [ada, bert] = [await newcomer(client), await newcomer(client)]
    const [kept, hidden] = [await publish(client, ada), await publish(client, ada)]
    const closed = await publish(client, ada, { visibility: 'followers' })
    const path = `/v1/posts/${hidden.id}/bookmark`
    ;(await client.put(`/v1/posts/${closed.id}/bookmark`).headers(bert.headers)).assertStatus(404)
    for (const { id } of [kept, hidden]) await client.put(`/v1/posts/${id}/bookmark`).headers(bert.headers)
    const bookmarks = async () => idsOf(await client.get('/v1/bookmarks').headers(bert.headers))
    assert.deepEqual(await bookmarks(), [hidden.id, kept.id])

    await client.put(`/v1/posts/${hidden.id}/archive`).headers(ada.headers)
    assert.deepEqual(await bookmarks(), [kept.id])
    ;(await client.put(path).headers(bert.headers)).assertStatus(404)
    await client.delete(`/v1/posts/${hidden.id}/archive`).headers(ada.headers)
    assert.deepEqual(await bookmarks(), [hidden.id, kept.id])

    await client.delete(`/v1/posts/${hidden.id}`).headers(ada.headers)
    assert.deepEqual(await bookmarks(), [kept.id])
    ;(await client.delete(path).headers(bert.headers)).assertStatus(204)
    await client.put(`/v1/posts/${hidden.id}/restoration`).headers(ada.headers)
    assert.deepEqual(await bookmarks(), [kept.id])

    await Block.create({ blockerId: ada.id, blockedId: bert.id })
    assert.deepEqual(await bookmarks(), [])
    assert.lengthOf(await Bookmark.all(), 1)
  })
})

test.group('What a post says of its viewer', (group) => {
  group.each.setup(cleanUp)

  test('is whether they like and bookmark it, alone and in each list', async ({ client, assert }) => {
    const [ada, bert] = [await newcomer(client), await newcomer(client)]
    const post = await publish(client, ada, { caption: 'The #sea', pictures: 2 })
    const other = await publish(client, ada, { caption: 'The #sea too' })
    await client.put(`/v1/posts/${post.id}/like`).headers(bert.headers)
    await client.put(`/v1/posts/${other.id}/bookmark`).headers(bert.headers)
    const [liked, bookmarked] = [
      { isAuthor: false, likes: true, bookmarks: false },
      { isAuthor: false, likes: false, bookmarks: true },
    ]
    const neither = { isAuthor: false, likes: false, bookmarks: false }
    const viewer = async (path: string, headers = {}) => {
      const { data } = (await client.get(path).headers(headers)).body()
      return Array.isArray(data) ? data.map((each: any) => each.viewer) : data.viewer
    }

    assert.deepEqual(await viewer(`/v1/posts/${post.id}`, bert.headers), liked)
    assert.deepEqual(await viewer(`/v1/posts/${other.id}`, bert.headers), bookmarked)
    assert.deepEqual(await viewer(`/v1/posts/${post.id}`), neither)
    assert.deepEqual(await viewer(`/v1/posts/${post.id}`, ada.headers), { ...neither, isAuthor: true })
    assert.deepEqual(await viewer('/v1/bookmarks', bert.headers), [bookmarked])
    for (const path of [`/v1/users/${ada.username}/posts`, '/v1/hashtags/sea/posts']) {
      assert.deepEqual(await viewer(path, bert.headers), [bookmarked, liked], path)
      assert.deepEqual(await viewer(path), [neither, neither], path)
    }
    await client.put(`/v1/posts/${post.id}/like`).headers(ada.headers)
    await client.put(`/v1/posts/${post.id}/archive`).headers(ada.headers)
    const archived = `/v1/users/${ada.username}/posts?archived=true`
    assert.deepEqual(await viewer(archived, ada.headers), [{ isAuthor: true, likes: true, bookmarks: false }])
  })
})
