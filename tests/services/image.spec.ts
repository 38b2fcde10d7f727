import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { compose, read, stages } from '#tests/deploy/files'
import { Image } from '#tests/deploy/image'
import { freePort } from '#tests/free_port'
import { until } from '#tests/server/until'

test.group('The steps of the Dockerfile, in a folder', (group) => {
  let image: Image
  let folder: string
  let settings: Record<string, string>

  group.setup(async () => {
    image = await Image.create()
    folder = await mkdtemp(join(tmpdir(), 'calotype-image-data-'))
    settings = {
      PORT: String(await freePort()),
      APP_KEY: 'a-key-for-the-tests-of-32-letters',
      LOG_LEVEL: 'warn',
      TMPDIR: folder,
      DB_CONNECTION: 'sqlite',
      SQLITE_PATH: join(folder, 'calotype.sqlite'),
      DRIVE_DISK: 'fs',
      STORAGE_PATH: join(folder, 'files'),
    }
    return async () => {
      await image[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    }
  })

  for (const [number, stage] of stages().entries()) {
    for (const instruction of stage.instructions.filter(({ name }) => name === 'COPY' || name === 'RUN')) {
      const { name, rest } = instruction
      test(`stage ${number}: ${name} ${rest}`, () => image.follow(stage, instruction)).timeout(300_000)
    }
  }

  test('leave neither sources nor what only development needs', async ({ assert }) => {
    const files = await readdir(image.root(), { recursive: true })
    const own = files.filter((file) => !file.startsWith('node_modules/'))
    assert.includeMembers(own, ['ace.js', 'package.json', 'bin/server.js', 'resources/views/home.edge'])
    assert.deepEqual(
      own.filter((file) => /\.ts$|^tests|^\.env|^\.git|^load-tests/.test(file)),
      []
    )
    const packages: [string, { dev?: true }][] = Object.entries(JSON.parse(read('package-lock.json')).packages)
    const development = packages.filter(([, { dev }]) => dev).map(([name]) => name)
    assert.include(development, 'node_modules/eslint')
    assert.isTrue(existsSync(join(image.root('build'), 'node_modules/eslint')))
    assert.deepEqual(
      development.filter((name) => existsSync(join(image.root(), name))),
      []
    )
  })

  test('make a server that migrates, is healthy while it serves, and ends on SIGTERM', async ({ assert }) => {
    assert.equal(await image.code('HEALTHCHECK', settings), 1)
    assert.equal(await image.code(compose().services.migrate.command, settings), 0)

    const server = image.start('CMD', settings)
    const url = `http://127.0.0.1:${settings.PORT}`
    await until(async () => {
      assert.isNull(server.exitCode, 'it ended while it started')
      return (await fetch(`${url}/health/live`).catch(() => null))?.status === 200
    }, 'the server answers')
    assert.equal(await image.code('HEALTHCHECK', settings), 0)
    assert.deepEqual(await (await fetch(`${url}/v1/users`)).json(), { data: [], meta: { nextCursor: null } })

    const exited = once(server, 'exit')
    server.kill('SIGTERM')
    assert.deepEqual(await exited, [0, null])
    assert.equal(await image.code('HEALTHCHECK', settings), 1)
  })
})
