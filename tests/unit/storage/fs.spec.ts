import { test } from '@japa/runner'
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { FsDisk } from '#providers/storage/drivers/fs'
import { diskContract, keysOf, textOf } from '#tests/suites/disk'

const TEXT = { contentType: 'text/plain' }
const roots: string[] = []

async function newRoot() {
  const folder = await mkdtemp(join(tmpdir(), 'fs-disk-'))
  roots.push(folder)
  return join(folder, 'root')
}

diskContract('fs', async () => new FsDisk({ root: await newRoot() }))

test.group('FsDisk', (group) => {
  group.teardown(async () => {
    await Promise.all(roots.map((folder) => rm(folder, { recursive: true, force: true })))
  })

  test('leaves no temporary file and no empty folder', async ({ assert }) => {
    const root = await newRoot()
    const disk = new FsDisk({ root })
    await disk.put('a/b/c', Buffer.from('x'), TEXT)
    await disk.put('a/d', Buffer.from('x'), TEXT)
    const body = new Readable({ read() {} })
    body.push('half')
    const broken = assert.rejects(() => disk.put('a/b/broken', body, TEXT))
    body.destroy(new RangeError('broken'))
    await broken
    assert.deepEqual(await readdir(join(root, '.tmp')), [])

    await disk.delete(['a/b/c', 'a/b/c'])
    assert.deepEqual(await readdir(join(root, 'a')), ['d'])
    await disk.delete(['a/d'])
    assert.deepEqual(await readdir(root), ['.tmp'])
  })

  test('writes into a folder that a delete prunes at the same time', async ({ assert }) => {
    const root = await newRoot()
    const disk = new FsDisk({ root })
    const churn = async (name: string) => {
      for (let round = 0; round < 50; round++) {
        await disk.put(`churn/deep/er/${name}`, Buffer.from(`${round}`), TEXT)
        assert.equal(await textOf(disk, `churn/deep/er/${name}`), `${round}`)
        await disk.delete([`churn/deep/er/${name}`])
      }
    }
    await Promise.all(['a', 'b', 'c', 'd'].map(churn))
    assert.deepEqual(await readdir(root), ['.tmp'])
  })

  test('sweeps what a killed write left, after an hour', async ({ assert }) => {
    const root = await newRoot()
    await mkdir(join(root, '.tmp'), { recursive: true })
    await writeFile(join(root, '.tmp', 'old'), 'half')
    await writeFile(join(root, '.tmp', 'young'), 'half')
    const longAgo = new Date(Date.now() - 3_700_000)
    await utimes(join(root, '.tmp', 'old'), longAgo, longAgo)

    const disk = new FsDisk({ root })
    assert.deepEqual(await keysOf(disk, ''), [[]])
    assert.lengthOf(await readdir(join(root, '.tmp')), 2)
    await disk.put('a', Buffer.from('x'), TEXT)
    assert.deepEqual(await readdir(join(root, '.tmp')), ['young'])
    assert.deepEqual(await keysOf(disk, ''), [['a']])
  })

  test('keeps pictures as they are, and the type of others behind their content', async ({ assert }) => {
    const root = await newRoot()
    const disk = new FsDisk({ root })
    await disk.put('a.jpg', Buffer.from('picture'), { contentType: 'image/jpeg' })
    await disk.put('a.txt', Buffer.from('text'), TEXT)
    assert.equal((await stat(join(root, 'a.jpg'))).size, 7)
    assert.equal((await stat(join(root, 'a.txt'))).size, 4 + 128)
    assert.deepInclude((await disk.list('', { limit: 2 })).files[1], { key: 'a.txt', size: 4 })

    await writeFile(join(root, 'strange'), 'put here by hand')
    await writeFile(join(root, 'not a key'), 'put here by hand')
    assert.deepInclude(await disk.stat('strange'), { size: 0, contentType: 'application/octet-stream' })
    assert.deepEqual(await keysOf(disk, ''), [['a.jpg', 'a.txt', 'strange']])
  })

  test('refuses a file where a folder is, and a folder where a file is', async ({ assert }) => {
    const disk = new FsDisk({ root: await newRoot() })
    await disk.put('a/1', Buffer.from('x'), TEXT)
    for (const key of ['a', 'a/1/x', 'a/1/x/y']) {
      const error = await disk.put(key, Buffer.from('x'), TEXT).catch((reason) => reason)
      assert.deepInclude(error, { code: 'E_KEY_CONFLICT', status: 409 }, key)
    }
    assert.deepEqual(await keysOf(disk, ''), [['a/1']])
  })

  test('is unavailable where its folder cannot be', async ({ assert }) => {
    const root = await newRoot()
    await writeFile(root, 'a file')
    const error = await new FsDisk({ root }).put('a', Buffer.from('x'), TEXT).catch((reason) => reason)
    assert.deepInclude(error, { code: 'E_STORAGE_UNAVAILABLE', status: 503, retryAfter: 5 })
    assert.notInclude(error.message, root)
    assert.isDefined(error.cause)
  })

  test('makes its folder again when somebody took it away', async ({ assert }) => {
    const root = await newRoot()
    const disk = new FsDisk({ root })
    await disk.put('a', Buffer.from('1'), TEXT)
    await rm(root, { recursive: true })
    await assert.rejects(() => disk.put('a', Buffer.from('2'), TEXT))
    await disk.put('a', Buffer.from('3'), TEXT)
    assert.equal(await textOf(disk, 'a'), '3')
  })
})
