import { setTimeout as sleep } from 'node:timers/promises'
import app from '@adonisjs/core/services/app'
import limiter from '@adonisjs/limiter/services/main'
import db from '@adonisjs/lucid/services/db'
import type { ApiClient } from '@japa/api-client'
import sharp from 'sharp'
import storage from '#providers/storage/service'

export const PASSWORD = 'a long enough passphrase'

let people = 0

/** Empties what the tests write; the rest goes with the users. Commits really happen, so no transaction around a test. */
export async function cleanUp() {
  for (const table of ['users', 'hashtags', 'changes', 'change_failures', 'idempotency_keys'])
    await db.from(table).delete()
  await limiter.clear()
}

/** The keys of what the disk of the tests has, 1,000 at most. */
export async function allFiles(): Promise<string[]> {
  return (await storage.list('', { limit: 1000 })).files.map(({ key }) => key)
}

/** Nobody removes the files of accounts that `cleanUp` deleted together with the log of their changes. */
export async function emptyDisk() {
  for (let keys = await allFiles(); keys.length > 0; keys = await allFiles()) await storage.delete(keys)
}

/** A new account, logged in: its names, and the header that it sends. */
export async function newcomer(client: ApiClient, name = `person${++people}`) {
  const account = { username: name, email: `${encodeURIComponent(name)}@example.org`, password: PASSWORD }
  const response = await client.post('/v1/users').json(account)
  response.assertStatus(201)
  return { ...account, id: response.body().data.id as string, ...(await logIn(client, name)) }
}

export async function logIn(client: ApiClient, login: string, password = PASSWORD) {
  const response = await client.post('/v1/session').json({ login, password, device: 'test' })
  response.assertStatus(201)
  const token: string = response.body().data.token
  return { token, headers: { authorization: `Bearer ${token}` } }
}

/** Waits until the condition holds, 20 seconds at most. */
export async function eventually(condition: () => Promise<boolean> | boolean, what: string) {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(10)) if (await condition()) return
  throw new RangeError(`Still not after 20 s: ${what}`)
}

/** Waits until every change was delivered to its hooks: only then are files gone that no row names. */
export function changesDelivered() {
  return eventually(async () => {
    const { waiting, retrying } = await (await app.container.make('changeLog')).status()
    return waiting + retrying === 0
  }, 'all changes are delivered')
}

/**
 * Whether somebody waits for a row, on PostgreSQL. Asked anew each time: a transaction goes on seeing the connections that
 * there were when it first asked.
 */
export async function someoneWaits(): Promise<boolean> {
  const waiting = db.from('pg_stat_activity').where('wait_event_type', 'Lock')
  return (await waiting.whereRaw('datname = current_database()')).length > 0
}

/** A small photograph: a gradient between two random colours, so that no two are the same. */
export async function photograph({ width = 400, height = 300 } = {}): Promise<Buffer> {
  const colours = Array.from({ length: 4 * 3 }, () => Math.floor(Math.random() * 256))
  const tiny = sharp(Buffer.from(colours), { raw: { width: 2, height: 2, channels: 3 } })
  return tiny.resize(width, height, { fit: 'fill', kernel: 'cubic' }).jpeg().toBuffer()
}

type Person = Awaited<ReturnType<typeof newcomer>>

/** An uploaded photograph: the data of the answer. */
export async function upload(
  client: ApiClient,
  { headers }: Pick<Person, 'headers'>,
  fields: Record<string, string> = {}
) {
  const response = await client
    .post('/v1/media')
    .headers(headers)
    .fields(fields)
    .file('file', await photograph(), { filename: 'photograph.jpg' })
  response.assertStatus(201)
  return response.body().data
}

/** A published album of new photographs: the data of the answer. */
export async function publish(
  client: ApiClient,
  person: Pick<Person, 'headers'>,
  album: { pictures?: number; caption?: string; visibility?: string } = {}
) {
  const { pictures = 1, ...rest } = album
  const mediaIds: string[] = []
  while (mediaIds.length < pictures) mediaIds.push((await upload(client, person)).id)
  const response = await client
    .post('/v1/posts')
    .headers(person.headers)
    .json({ mediaIds, ...rest })
  response.assertStatus(201)
  return response.body().data
}

/** Fetches a file under the absolute address that the API gave. */
export function fetchFile(client: ApiClient, url: string) {
  const { pathname, search } = new URL(url)
  return client.get(pathname + search)
}
