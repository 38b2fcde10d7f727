import { test } from '@japa/runner'
import { Installation } from '#tests/server/installation'
import { ServerProcess } from '#tests/server/server_process'

test('the demo brings an older database up to date before it serves', async ({ assert, cleanup }) => {
  await using installation = await Installation.create({ NODE_ENV: 'test' })
  const account = ['user:create', 'ada', 'ada@example.org', '--password=a long enough passphrase']
  for (const command of [account, ['migration:rollback', '--force', '--step=2']]) {
    const { code, output } = await installation.ace(...command)
    assert.equal(code, 0, output)
  }
  const demo = new ServerProcess(installation.env, 'bin/demo.ts')
  cleanup(() => demo.kill('SIGKILL'))
  await demo.answers()
  const { data } = (await (await fetch(`${demo.url}/v1/users/ada`)).json()) as any
  assert.deepEqual(data.counts, { posts: 0, followers: 0, following: 0 })
}).timeout(60_000)
