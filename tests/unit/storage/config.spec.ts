import { test } from '@japa/runner'
import { configProvider } from '@adonisjs/core'
import { defineConfig, drivers } from '#providers/storage/index'
import { FsDisk } from '#providers/storage/drivers/fs'
import { MemoryDisk } from '#providers/storage/drivers/memory'
import { S3Disk } from '#providers/storage/drivers/s3'

const S3 = {
  endpoint: 'http://localhost:1',
  region: 'us-east-1',
  accessKeyId: 'id',
  secretAccessKey: 'key',
  bucket: 'b',
}

function resolve(name: string, { root, s3 = S3 }: { root?: string; s3?: { [Name in keyof typeof S3]?: string } } = {}) {
  const settings = { ...Object.fromEntries(Object.keys(S3).map((key) => [key, undefined])), ...s3 } as typeof S3
  const disks = { memory: drivers.memory(), fs: drivers.fs({ root }), s3: drivers.s3(settings) }
  const config = defineConfig({ default: name as keyof typeof disks, baseUrl: 'http://localhost', secret: 'x', disks })
  return configProvider.resolve<{ disk: unknown }>({} as never, config)
}

test.group('Storage configuration', () => {
  test('makes the chosen disk', async ({ assert }) => {
    assert.instanceOf((await resolve('memory'))!.disk, MemoryDisk)
    assert.instanceOf((await resolve('fs', { root: '/tmp/x' }))!.disk, FsDisk)
    assert.instanceOf((await resolve('s3'))!.disk, S3Disk)
  })

  test('names what the chosen disk lacks, and asks nothing of the others', async ({ assert }) => {
    const refusal = (promise: Promise<unknown>): Promise<any> => promise.catch((error) => error)
    const s3 = await refusal(resolve('s3', { s3: { region: 'us-east-1', endpoint: 'http://localhost:1', bucket: '' } }))
    assert.equal(s3.code, 'E_STORAGE_CONFIG')
    assert.include(s3.message, '"s3" is chosen and lacks: accessKeyId, secretAccessKey, bucket')
    assert.include((await refusal(resolve('fs'))).message, 'lacks: root')
    assert.include((await refusal(resolve('ftp'))).message, 'Choose one of memory, fs, s3')
    assert.include((await refusal(resolve('toString'))).message, 'Choose one of')
    assert.instanceOf((await resolve('memory', { s3: {} }))!.disk, MemoryDisk)
  })
})
