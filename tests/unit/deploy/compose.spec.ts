import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { test } from '@japa/runner'
import mediaConfig from '#config/media'
import { commandOf, variablesOf } from '#tests/deploy/dockerfile'
import { compose, demanded, read, settings, stages } from '#tests/deploy/files'
import { environment, ROOT } from '#tests/server/server_process'

const GIVEN = {
  APP_KEY: 'a-key-for-the-tests-of-32-letters',
  APP_URL: 'https://photos.example.org',
  PG_PASSWORD: 'one',
  S3_SECRET_ACCESS_KEY: 'another',
}
const SECRET = /PASSWORD|SECRET|^APP_KEY$/

const file = compose(GIVEN)
const services: [string, any][] = Object.entries(file.services)
const nginx = read('deploy/nginx.conf')
const image = stages().at(-1)!

/** What start/env.ts says to the variables: nothing, where it accepts them. */
async function refusal(variables: Record<string, string>) {
  const check = [
    '--import=@poppinss/ts-exec',
    '--input-type=module',
    '--eval',
    "(await import('./start/env.ts')).settings.demand()",
  ]
  const child = spawn(process.execPath, check, {
    cwd: ROOT,
    env: environment({ ...variables, ENV_PATH: `${ROOT}docs` }),
  })
  const [output, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
  return code === 0 ? '' : output
}

const routes = [...read('start/routes.ts').matchAll(/router\.get\('([^']+)'/g)].map(([, path]) => path)

function healthCheckOf(service: any): string[] | undefined {
  return service.build ? commandOf(image, 'HEALTHCHECK') : service.healthcheck?.test
}

test.group('compose.yaml', () => {
  test('sets what start/env.ts knows, and all that it needs', async ({ assert }) => {
    const known = [...read('start/env.ts').matchAll(/^ {2}([A-Z_0-9]+): /gm)].map(([, name]) => name)
    for (const name of Object.keys(file.services.app1.environment)) assert.include(known, name)
    assert.equal(await refusal(settings(GIVEN)), '')

    const needed = ['NODE_ENV', 'HOST', 'PORT', 'APP_KEY', 'DB_CONNECTION', 'PG_HOST', 'PG_USER', 'PG_DB_NAME']
    needed.push('DRIVE_DISK', 'S3_ENDPOINT', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_BUCKET')
    await Promise.all(
      needed.map(async (name) => {
        const { [name]: _, ...rest } = settings(GIVEN)
        assert.include(await refusal(rest), name, `without ${name}`)
      })
    )
  })

  test('tells both processes and the migration the same', ({ assert }) => {
    const { app1, app2, migrate } = file.services
    assert.deepEqual(app2, app1)
    assert.deepEqual(migrate.environment, app1.environment)
    assert.deepEqual(app1.depends_on.migrate, { condition: 'service_completed_successfully' })
    assert.notProperty(migrate, 'restart')
    assert.include(migrate.command, 'migration:run')
    for (const program of ['ace.js', 'bin/server.ts']) assert.isTrue(existsSync(`${ROOT}${program}`), program)
    assert.include(migrate.command, 'ace.js')
  })

  test('runs what the application uses, and the rest on demand', ({ assert }) => {
    const names = (profiles?: string[]) =>
      services.filter(([, service]) => String(service.profiles) === String(profiles)).map(([name]) => name)
    assert.sameMembers(names(), ['proxy', 'app1', 'app2', 'migrate', 'postgres', 'redis', 's3'])
    assert.sameMembers(names(['later']), ['elasticsearch', 'mailpit'])
  })

  test('lets nothing but the proxy be reached from outside', ({ assert }) => {
    const published = services.filter(([, { ports }]) => ports?.some((port: string) => !port.startsWith('127.0.0.1:')))
    assert.deepEqual(
      published.map(([name]) => name),
      ['proxy']
    )
  })

  test('knows no secret, and has no default for one', ({ assert }) => {
    const raw = [...read('compose.yaml').matchAll(/^ +(\w+): (.+)$/gm)].filter(([, name]) => SECRET.test(name))
    assert.isAbove(raw.length, 3)
    for (const [line, , value] of raw) assert.match(value, /^\$\{\w+(:\?[^}]*)?\}$/, line)
    assert.sameMembers(demanded(), Object.keys(GIVEN))
    for (const name of demanded()) assert.include(read('README.md'), `${name}=`, 'the README tells to set it')
  })

  test('asks each service whether it is well, and waits for what is', ({ assert }) => {
    for (const [name, service] of services) {
      if (name !== 'migrate') assert.isArray(healthCheckOf(service), name)
      for (const [needed, { condition }] of Object.entries<any>(service.depends_on ?? {})) {
        assert.property(file.services, needed)
        assert.equal(condition, needed === 'migrate' ? 'service_completed_successfully' : 'service_healthy')
      }
    }
    const paths = services.flatMap(([, service]) => [
      ...String(healthCheckOf(service)).matchAll(/:(\d+|\$\{[^}]+\})(\/health\/\w+)/g),
    ])
    assert.lengthOf(paths, 4)
    for (const [, , path] of paths) assert.include(routes, path)
  })

  test('agrees with itself on names, ports and volumes', ({ assert }) => {
    const { app1, postgres, s3, proxy } = file.services
    const { PG_HOST, PG_PORT, PG_USER, PG_PASSWORD, PG_DB_NAME, S3_ENDPOINT, ...app } = app1.environment
    assert.deepInclude(postgres.environment, {
      POSTGRES_USER: PG_USER,
      POSTGRES_PASSWORD: PG_PASSWORD,
      POSTGRES_DB: PG_DB_NAME,
    })
    assert.deepEqual([PG_HOST, PG_PORT], ['postgres', 5432])
    assert.deepEqual(s3.environment, {
      ROOT_ACCESS_KEY: app.S3_ACCESS_KEY_ID,
      ROOT_SECRET_KEY: app.S3_SECRET_ACCESS_KEY,
    })
    const { hostname, port } = new URL(S3_ENDPOINT)
    assert.equal(file.services[hostname], s3)
    assert.include(s3.command, `:${port}`)
    assert.include(s3.healthcheck.test.at(-1), `:${port}/`)
    assert.include(s3.command, '/objects')

    const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map((volume: string) => volume.split(':')[0]))
    const [files, named] = [
      mounts.filter((name) => name.startsWith('.')),
      mounts.filter((name) => !name.startsWith('.')),
    ]
    assert.sameMembers(named, Object.keys(file.volumes))
    assert.lengthOf(files, 1)
    for (const name of files) assert.isTrue(existsSync(`${ROOT}${name}`), name)
    assert.deepEqual(file.networks.default.ipam.config, [{ subnet: app.TRUSTED_PROXIES }])
    assert.match(proxy.ports[0], new RegExp(`:${/listen (\d+);/.exec(nginx)![1]}$`))
  })
})

test.group('deploy/nginx.conf', () => {
  test('leads to the processes of compose.yaml, on the port of the image', ({ assert }) => {
    const [, upstream] = /^upstream calotype \{([^}]+)\}/m.exec(nginx)!
    const servers = [...upstream.matchAll(/^ +server (\w+):(\d+)/gm)]
    const processes = services.filter(([, { build, command }]) => build && !command).map(([name]) => name)
    assert.sameMembers(
      servers.map(([, name]) => name),
      processes
    )
    for (const [, , port] of servers) assert.equal(port, settings(GIVEN).PORT)
  })

  test('leads direct uploads to S3, to the addresses that are signed', ({ assert }) => {
    const { S3_ENDPOINT, S3_PUBLIC_ENDPOINT, S3_BUCKET, APP_URL } = settings(GIVEN)
    const [, host] = /^upstream objects \{[^}]+server (\S+)/m.exec(nginx)!
    assert.equal(`http://${host}`, S3_ENDPOINT)
    assert.equal(S3_PUBLIC_ENDPOINT, APP_URL)
    assert.include(nginx, `location /${S3_BUCKET}/uploads/ {`)
  })

  test('takes bodies that are a little larger than the server does', ({ assert }) => {
    const megabytes = Number(/client_max_body_size (\d+)m;/.exec(nginx)![1])
    const room = megabytes * 2 ** 20 - mediaConfig.maxBytes
    assert.isAbove(room, 64_000, 'the form around the file has room')
    assert.isBelow(room, mediaConfig.maxBytes)
  })
})

test.group('Dockerfile', () => {
  test('ends in an image that runs node itself, as nobody, and asks for its health', ({ assert }) => {
    const { PATH, NODE_ENV, MALLOC_ARENA_MAX, PORT } = variablesOf(image)
    assert.deepEqual([NODE_ENV, MALLOC_ARENA_MAX], ['production', '2'])
    assert.isTrue(PATH.startsWith('/app/node_modules/node/bin:'))
    assert.deepInclude(image.instructions, { name: 'EXPOSE', rest: PORT })
    assert.match(image.instructions.findLast(({ name }) => name === 'USER')!.rest, /^[1-9]\d*:[1-9]\d*$/)
    assert.equal(commandOf(image, 'CMD')[0], 'node')
    assert.equal(commandOf(image, 'HEALTHCHECK')[0], 'node')
    assert.isTrue(existsSync(`${ROOT}${commandOf(image, 'CMD').at(-1)!.replace(/js$/, 'ts')}`))
  })

  test('installs with the Node.js of the version that package.json names', ({ assert }) => {
    const major = JSON.parse(read('package.json')).dependencies.node.split('.')[0]
    for (const { from, instructions } of stages().slice(0, -1)) {
      assert.match(from, new RegExp(`^node:${major}-`))
      assert.isTrue(instructions.some(({ rest }) => rest.startsWith('npm ci')))
    }
  })

  test('copies from stages and files that are there, and no secret', ({ assert }) => {
    const ignored = read('.dockerignore').split('\n')
    const names = stages().map(({ name }) => name)
    for (const { rest } of stages().flatMap(({ instructions }) => instructions.filter(({ name }) => name === 'COPY'))) {
      const [, from, sources] = /^(?:--from=(\w+) )?(.+) \S+$/.exec(rest)!
      if (from) assert.include(names, from)
      else for (const source of sources.split(' ')) assert.isTrue(existsSync(`${ROOT}${source}`), source)
      for (const source of sources.split(' ')) if (!from) assert.notInclude(ignored, source)
    }
    for (const secret of ['.env', '.env.*', 'storage', 'node_modules', '.git']) assert.include(ignored, secret)
  })
})
