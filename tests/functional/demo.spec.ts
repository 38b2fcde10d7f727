import { test } from '@japa/runner'
import { Installation } from '#tests/server/installation'

test('the demo brings an older database up to date before it serves', async ({ assert }) => {
  await using installation = await Installation.create()
  // Production takes no rollback.
  installation.env.NODE_ENV = 'test'
  const account = ['user:create', 'ada', 'ada@example.org', '--password=a long enough passphrase']
  for (const command of [account, ['migration:rollback', '--force', '--step=2']]) {
    const { code, output } = await installation.ace(...command)
    assert.equal(code, 0, output)
  }
  // Only there does a server leave the types of its routes in the sources alone: this one is killed while it writes them.
  installation.env.NODE_ENV = 'production'
  const { url } = await installation.start('bin/demo.ts')
  const { data } = (await (await fetch(`${url}/v1/users/ada`)).json()) as any
  assert.deepEqual(data.counts, { posts: 0, followers: 0, following: 0 })
})
