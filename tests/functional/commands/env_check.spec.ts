import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from '@japa/runner'
import { run } from '#tests/commands'
import { environment, ROOT, ServerProcess } from '#tests/server/server_process'
import { until } from '#tests/server/until'

const WRONG = { ENV_PATH: '/nowhere', NODE_ENV: 'production', HOST: '127.0.0.1', PORT: 'many', DRIVE_DISK: 's3' }

test.group('env:check', () => {
  test('lists every setting, with exit code 0 where all are right', async ({ assert }) => {
    const { exitCode, output } = await run('env:check')
    assert.equal(exitCode, 0)
    const port = output.variables.find(({ name }: any) => name === 'PG_PORT')
    assert.containsSubset(port, { default: '5432', needed: 'never', problem: null })
    for (const { about } of output.variables) assert.match(about, /^[A-Z].*\.$/)
  })

  test('names what is wrong, without a value that is secret, with exit code 1', async ({ assert }) => {
    const env = environment({ ...WRONG, APP_KEY: 'a-secret-of-the-installation' })
    const child = spawn(process.execPath, ['ace.js', 'env:check', '--json'], { cwd: ROOT, env })
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
    assert.equal(code, 1)
    assert.notInclude(output, 'a-secret')
    const wrong = JSON.parse(output).variables.filter(({ problem }: any) => problem)
    assert.sameMembers(
      wrong.map(({ name }: any) => name),
      ['PORT', 'DB_CONNECTION', 'S3_ENDPOINT', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_BUCKET']
    )
  })

  test('names what is given and means nothing', async ({ assert }) => {
    const wrong = { APP_KEY: 'short', PORT: '99999', TRUSTED_PROXIES: 'foo', LIMIT_FACTOR: '0', REQUESTS_AT_ONCE: '-3' }
    const env = environment({ ...WRONG, ...wrong, DRIVE_DISK: 'memory', DB_CONNECTION: 'sqlite' })
    const child = spawn(process.execPath, ['ace.js', 'env:check', '--json'], { cwd: ROOT, env })
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
    assert.equal(code, 1)
    const problems = JSON.parse(output).variables.filter(({ problem }: any) => problem)
    assert.sameMembers(
      problems.map(({ name }: any) => name),
      Object.keys(wrong)
    )
  })

  test('is what a server says that does not start', async ({ assert, cleanup }) => {
    const server = new ServerProcess({ ...WRONG, CORS_ORIGINS: 'https://app.example.org/' })
    cleanup(() => server.kill('SIGKILL'))
    await until(() => !server.isRunning, 'the server has ended')
    assert.equal(server.ended.code, 1)
    for (const name of ['PORT', 'APP_KEY', 'DB_CONNECTION', 'S3_ENDPOINT', 'S3_BUCKET', 'CORS_ORIGINS'])
      assert.match(server.output(), new RegExp(`^  ${name}: `, 'm'))
    assert.notMatch(server.output(), /^\s+at |STORAGE_PATH|PG_HOST/m)
  })
})
