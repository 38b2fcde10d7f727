import { test } from '@japa/runner'
import { Storage } from '#providers/storage/index'
import { MemoryDisk } from '#providers/storage/drivers/memory'

const storageWith = (secret: string) => new Storage({ disk: new MemoryDisk(), baseUrl: 'https://photos.test/', secret })
const storage = storageWith('a secret of the test')
const KEY = 'media/0197/640.webp'

function queryOf(url: string) {
  return Object.fromEntries(new URL(url).searchParams)
}

function inSeconds(seconds: number) {
  return { expiresAt: new Date(Date.now() + seconds * 1_000) }
}

test.group('Signed URLs', () => {
  test('carry the key, the second of their expiry and a signature', ({ assert }) => {
    const expiresAt = new Date('2030-01-02T03:04:05.999Z')
    const url = new URL(storage.signedUrl(KEY, { expiresAt }))
    assert.equal(url.origin + url.pathname, `https://photos.test/files/${KEY}`)
    assert.equal(url.origin + url.pathname, storage.url(KEY))
    assert.equal(url.searchParams.get('expires'), '1893553445')
    assert.match(url.searchParams.get('signature')!, /^[\w-]{43}$/)
    assert.equal(storage.signedUrl(KEY, { expiresAt }), url.href)
  })

  test('are good until they expire', ({ assert }) => {
    assert.isTrue(storage.isSigned(KEY, queryOf(storage.signedUrl(KEY, inSeconds(60)))))
    assert.isFalse(storage.isSigned(KEY, queryOf(storage.signedUrl(KEY, inSeconds(-1)))))
    assert.isFalse(storage.isSigned(KEY, queryOf(storage.signedUrl(KEY, { expiresAt: new Date() }))))
  })

  test('are good for their key, time and secret only', ({ assert }) => {
    const query = queryOf(storage.signedUrl(KEY, inSeconds(60)))
    assert.isFalse(storage.isSigned('media/0197/320.webp', query))
    assert.isFalse(storage.isSigned(KEY, { ...query, expires: String(Number(query.expires) + 1) }))
    assert.isFalse(storage.isSigned(KEY, { ...query, expires: `0${query.expires}` }))
    assert.isFalse(storageWith('another secret').isSigned(KEY, query))
    for (let i = 0; i < query.signature.length; i++) {
      const other = query.signature[i] === 'A' ? 'B' : 'A'
      const signature = query.signature.slice(0, i) + other + query.signature.slice(i + 1)
      assert.isFalse(storage.isSigned(KEY, { ...query, signature }), `at ${i}`)
    }
  })

  test('bear hostile queries', ({ assert }) => {
    const { expires, signature } = queryOf(storage.signedUrl(KEY, inSeconds(60)))
    const hostile = [
      undefined,
      null,
      '',
      [],
      {},
      0,
      -1,
      Number.NaN,
      true,
      'x'.repeat(100_000),
      'ä'.repeat(43),
      '1e9',
      '-1',
      ' 1',
      '\n',
    ]
    for (const value of [...hostile, [signature], { toString: () => signature }, `${signature}=`, ` ${signature}`]) {
      assert.isFalse(storage.isSigned(KEY, { expires, signature: value }))
    }
    for (const value of [...hostile, [expires], { toString: () => expires }, `${expires}.0`, Number(expires)]) {
      assert.isFalse(storage.isSigned(KEY, { expires: value, signature }))
    }
    for (const key of ['', '..', `${KEY}\n${expires}`, `/${KEY}`])
      assert.isFalse(storage.isSigned(key, { expires, signature }))
    assert.isFalse(storage.isSigned(KEY, {}))
  })

  test('are made for keys only', ({ assert }) => {
    assert.throws(() => storage.signedUrl('../secret', inSeconds(60)), /file key/)
    assert.throws(() => storage.url('a?b'), /file key/)
  })
})
