import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from '@japa/runner'
import pg from 'pg'
import { photograph } from '#tests/helpers'
import { programNamed } from '#tests/program'
import { Account } from '#tests/server/account'
import { Installation } from '#tests/server/installation'
import { ROOT } from '#tests/server/server_process'

const K6 = programNamed('k6')
const { PG_HOST = '', PG_PORT = '5432', PG_USER = '', PG_PASSWORD = '' } = process.env

async function administer(statement: string) {
  const server = { host: PG_HOST, port: Number(PG_PORT), user: PG_USER, password: PG_PASSWORD, database: 'postgres' }
  const client = new pg.Client(server)
  await client.connect()
  await client.query(statement)
  await client.end()
}

/** Runs a script of load-tests/: its exit code, and what it printed. */
async function k6(script: string, variables: Record<string, string>) {
  const given = Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  const options = ['run', '--no-color', '--no-usage-report', '--address=', ...given]
  const child = spawn(K6!, [...options, script], { cwd: join(ROOT, 'load-tests') })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, output: out + err }
}

test.group('The scripts for k6, on a server with PostgreSQL', (group) => {
  const database = `calotype_test_${randomUUID().replaceAll('-', '')}`
  let installation: Installation
  let url: string

  group.setup(async () => {
    if (!K6) return () => {}
    await administer(`create database ${database}`)
    installation = await Installation.create({
      DB_CONNECTION: 'postgres',
      PG_HOST,
      PG_PORT,
      PG_USER,
      PG_PASSWORD,
      PG_DB_NAME: database,
    })
    url = (await installation.start()).url
    return async () => {
      await installation[Symbol.asyncDispose]()
      await administer(`drop database ${database} with (force)`)
    }
  })
  group.each.skip(!K6, 'k6 is not installed: name it by K6, or put it on the PATH')

  test('smoke.ts makes whole visits for 20 seconds, and leaves nobody logged in', async ({ assert }) => {
    const { code, output } = await k6('smoke.ts', { BASE: url, DURATION: '20s' })
    assert.equal(code, 0, output)
    assert.match(output, /checks_succeeded\.*: 100\.00%/)
    assert.isAtLeast((await installation.rows('users')).length, 2)
    assert.lengthOf(await installation.rows('auth_access_tokens'), 0)
    assert.lengthOf(await installation.rows('post_likes'), 0)
    const posts = await installation.rows('posts')
    assert.isAtLeast(posts.length, 1)
    for (const { deleted_at: deletedAt } of posts) assert.isNotNull(deletedAt)
  })

  test('browse.js looks at the albums of somebody', async ({ assert }) => {
    const account = await Account.signUp(url, 'mira')
    const { json } = await account.upload(await photograph())
    await account.publish([json.data.id])
    const { code, output } = await k6('browse.js', { BASE: url, USERNAME: 'mira', DURATION: '2s' })
    assert.equal(code, 0, output)
  })

  test('smoke.ts fails where the server answers otherwise', async ({ assert }) => {
    const { code, output } = await k6('smoke.ts', { BASE: `${url}/nowhere`, DURATION: '1s' })
    assert.notEqual(code, 0)
    assert.include(output, 'POST /v1/users is answered 201')
  })
})
