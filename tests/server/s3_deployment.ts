import { randomUUID } from 'node:crypto'
import { on } from 'node:events'
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import pg from 'pg'
import { Installation } from '#tests/server/installation'
import { Proxy } from '#tests/server/proxy'
import type { Deployment } from '#tests/suites/killed_server'

/** An installation with a way to each of its servers that can be taken away. */
export interface S3Deployment extends Deployment {
  s3: Proxy
  postgres: Proxy
}

/** A server with a database, a bucket, and a way to S3 of its own. `settings` go under those. */
export async function deployOnS3(settings: Record<string, string> = {}): Promise<S3Deployment> {
  const { PG_HOST = '', PG_PORT = '5432', PG_USER = '', PG_PASSWORD = '' } = process.env
  const { S3_ENDPOINT = '', S3_REGION = 'us-east-1', S3_ACCESS_KEY_ID = '', S3_SECRET_ACCESS_KEY = '' } = process.env
  const database = `calotype_test_${randomUUID().replaceAll('-', '')}`
  const administer = async (statement: string) => {
    const [host, user, password] = [PG_HOST, PG_USER, PG_PASSWORD]
    const connection = new pg.Client({ host, port: Number(PG_PORT), user, password, database: 'postgres' })
    await connection.connect()
    await connection.query(statement)
    await connection.end()
  }
  const Bucket = `calotype-test-${randomUUID()}`
  const client = new S3Client({
    endpoint: S3_ENDPOINT,
    region: S3_REGION,
    forcePathStyle: true,
    credentials: { accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: S3_SECRET_ACCESS_KEY },
  })
  const storedKeys = async () => {
    const keys: string[] = []
    for (let StartAfter: string | undefined, more = true; more; StartAfter = keys.at(-1)) {
      const page = await client.send(new ListObjectsV2Command({ Bucket, StartAfter }))
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key!))
      more = page.IsTruncated ?? false
    }
    return keys.sort()
  }

  const s3 = new Proxy(new URL(S3_ENDPOINT))
  const postgres = new Proxy({ hostname: PG_HOST, port: PG_PORT })
  await Promise.all([s3.listen(), postgres.listen()])
  await administer(`create database ${database}`)
  const installation = await Installation.create({
    ...settings,
    DB_CONNECTION: 'postgres',
    PG_HOST: '127.0.0.1',
    PG_PORT: String(postgres.port),
    PG_USER,
    PG_PASSWORD,
    PG_DB_NAME: database,
    DRIVE_DISK: 's3',
    S3_ENDPOINT: `http://127.0.0.1:${s3.port}`,
    S3_REGION,
    S3_ACCESS_KEY_ID,
    S3_SECRET_ACCESS_KEY,
    S3_BUCKET: Bucket,
  })
  return {
    installation,
    s3,
    postgres,
    storedKeys,
    store: (Key, Body) => client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'image/jpeg' })),
    async nextFile() {
      for await (const [text] of on(s3, 'sent')) if (text.startsWith('PUT ')) return
    },
    async [Symbol.asyncDispose]() {
      await installation[Symbol.asyncDispose]()
      s3.stop()
      postgres.stop()
      const keys = await storedKeys()
      for (let at = 0; at < keys.length; at += 1000) {
        const Objects = keys.slice(at, at + 1000).map((Key) => ({ Key }))
        await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
      }
      await client.send(new DeleteBucketCommand({ Bucket }))
      await administer(`drop database ${database} with (force)`)
    },
  }
}
