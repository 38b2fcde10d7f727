import { test } from '@japa/runner'
import { CreateBucketCommand, DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { randomUUID } from 'node:crypto'
import { S3Disk } from '#providers/storage/drivers/s3'
import { diskContract, keysOf, textOf } from '#tests/suites/disk'

const TEXT = { contentType: 'text/plain' }

const options = {
  endpoint: needed('S3_ENDPOINT'),
  region: process.env.S3_REGION ?? 'us-east-1',
  accessKeyId: needed('S3_ACCESS_KEY_ID'),
  secretAccessKey: needed('S3_SECRET_ACCESS_KEY'),
}
const client = new S3Client({
  ...options,
  forcePathStyle: true,
  credentials: { accessKeyId: options.accessKeyId, secretAccessKey: options.secretAccessKey },
})
const buckets: string[] = []

function needed(name: string) {
  const value = process.env[name]
  if (!value) throw new ReferenceError(`${name} is not set: this spec needs an S3 server`)
  return value
}

function newBucket() {
  const bucket = `calotype-test-${randomUUID()}`
  buckets.push(bucket)
  return bucket
}

// versitygw keeps the type in a file of its own.
diskContract('s3', async () => new S3Disk({ ...options, bucket: newBucket() }), { switchesTypes: false })

test.group('S3Disk', (group) => {
  group.teardown(async () => {
    for (const bucket of buckets) {
      const disk = new S3Disk({ ...options, bucket })
      await disk.delete((await keysOf(disk, '')).flat())
      await client.send(new DeleteBucketCommand({ Bucket: bucket }))
    }
  })

  test('makes its bucket, once when many need it', async ({ assert }) => {
    const bucket = newBucket()
    const disks = Array.from({ length: 5 }, () => new S3Disk({ ...options, bucket }))
    await Promise.all(disks.map((disk, number) => disk.put(`${number}`, Buffer.from('x'), TEXT)))
    assert.lengthOf((await keysOf(disks[0], '')).flat(), 5)
    await disks[0].ready()
  })

  test('uses a bucket that is there', async ({ assert }) => {
    const bucket = newBucket()
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
    const disk = new S3Disk({ ...options, bucket })
    assert.deepEqual(await keysOf(disk, ''), [[]])
    await disk.put('a', Buffer.from('x'), TEXT)
    assert.equal(await textOf(disk, 'a'), 'x')
  })

  test('makes its bucket again when somebody took it away', async ({ assert }) => {
    const bucket = newBucket()
    const disk = new S3Disk({ ...options, bucket })
    await disk.ready()
    await disk.stat('a')
    await client.send(new DeleteBucketCommand({ Bucket: bucket }))
    await assert.rejects(() => disk.put('a', Buffer.from('x'), TEXT))
    await disk.put('a', Buffer.from('x'), TEXT)
    assert.equal(await textOf(disk, 'a'), 'x')
  })

  test('a file below a file is a conflict or fine, as the server will have it', async ({ assert }) => {
    const disk = new S3Disk({ ...options, bucket: newBucket() })
    await disk.put('a/1', Buffer.from('x'), TEXT)
    const error = await disk.put('a/1/x', Buffer.from('x'), TEXT).catch((reason) => reason)
    if (error) assert.equal(error.code, 'E_KEY_CONFLICT')
    assert.equal(await textOf(disk, 'a/1'), 'x')
  })

  test('signs for the address that clients know it under', async ({ assert }) => {
    const publicEndpoint = options.endpoint.replace('127.0.0.1', 'localhost')
    const disk = new S3Disk({ ...options, publicEndpoint, bucket: newBucket() })
    const expiresAt = new Date(Date.now() + 60_000)
    const { url, headers } = await disk.presign('a', { ...TEXT, size: 1, expiresAt })
    assert.isTrue(url.startsWith(`${publicEndpoint}/`))
    assert.equal((await fetch(url, { method: 'PUT', body: 'x', headers })).status, 200)
    assert.equal(await textOf(disk, 'a'), 'x')
  })

  test('is unavailable with wrong credentials, in our words', async ({ assert }) => {
    const disk = new S3Disk({ ...options, secretAccessKey: 'wrong', bucket: buckets[0] })
    const error = await disk.stat('a').catch((reason) => reason)
    assert.deepInclude(error, { code: 'E_STORAGE_UNAVAILABLE', status: 503, retryAfter: 5 })
    assert.equal(error.message, 'The file storage is unavailable. Try again in a few seconds.')
    assert.isDefined(error.cause)
  })
})
