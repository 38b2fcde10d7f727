import { randomInt } from 'node:crypto'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from '@japa/runner'
import { programNamed } from '#tests/program'
import { Account } from '#tests/server/account'
import { Installation } from '#tests/server/installation'
import { createPostgresDatabase } from '#tests/server/postgres_database'
import { ROOT } from '#tests/server/server_process'

const PROGRAM = programNamed('schemathesis')

const EXAMPLES = process.env.SCHEMATHESIS_EXAMPLES ?? '100'
const SEED = process.env.SCHEMATHESIS_SEED === 'random' ? randomInt(2 ** 31) : (process.env.SCHEMATHESIS_SEED ?? 1)

/** Those that end the token with which the others are tried. */
const ENDING = ['sessionDestroy', 'sessionsDestroy', 'usersDestroy']

/** Tries every operation with made-up requests, and holds the answers to the description. */
async function tryAll(url: string, folder: string, headers: string[]) {
  const options = ['--checks=all', '--phases=examples,coverage,fuzzing,stateful', `--max-examples=${EXAMPLES}`]
  const child = spawn(
    PROGRAM!,
    [
      ...['--config-file', join(ROOT, 'tests/api/schemathesis.toml'), 'run', `${url}/openapi.json`, ...options],
      ...['--seed', String(SEED), '--continue-on-failure', '--no-color', ...headers],
    ],
    { cwd: folder }
  )
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  return { code, output }
}

test.group('Made-up requests to every operation', (group) => {
  group.each.skip(!PROGRAM, 'schemathesis is not installed: name it by SCHEMATHESIS, or put it on the PATH')
  group.each.timeout(600_000)

  // Both at once: a run keeps one processor busy.
  for (const database of ['SQLite', 'PostgreSQL'] as const) {
    test(`find nothing that the description does not say, on ${database}`, async ({ assert }) => {
      const runs = await Promise.all(['anonymous', 'with a token'].map((who) => run(database, who)))
      for (const { code, output, isRunning } of runs) {
        assert.equal(code, 0, output.replace(/.{2000,}/g, (line) => line.slice(0, 2000)).slice(-12_000))
        assert.isTrue(isRunning)
        console.log(`      ${/(\d+ generated[^\n]*)/.exec(output)?.[1]}, seed ${SEED}`)
      }
    })
  }
})

async function run(database: 'SQLite' | 'PostgreSQL', who: string) {
  const postgres = database === 'PostgreSQL' ? await createPostgresDatabase() : null
  try {
    await using installation = await Installation.create({ DRIVE_DISK: 'memory', ...postgres?.settings })
    const server = await installation.start()
    const { headers } = await Account.signUp(server.url, 'ada')
    const asOwner = [
      '--header',
      `Authorization: ${headers.authorization}`,
      ...ENDING.map((id) => `--exclude-operation-id=${id}`),
    ]
    const result = await tryAll(server.url, installation.folder, who === 'anonymous' ? [] : asOwner)
    return { ...result, isRunning: server.isRunning }
  } finally {
    await postgres?.drop()
  }
}
