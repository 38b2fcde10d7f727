import { readFile } from 'node:fs/promises'
import { Env } from '@adonisjs/core/env'
import { test } from '@japa/runner'
import { choice, markdownOf, Settings, variable, type Variable } from '#providers/settings/index'
import { settings } from '#start/env'

const { number, string } = Env.schema

/** Reads variables in an environment that has these for the time of a test. */
async function read<Of extends Record<string, Variable<unknown>>>(variables: Of, environment: Record<string, string>) {
  Object.assign(process.env, environment)
  try {
    return await Settings.read(new URL('./', import.meta.url), variables)
  } finally {
    for (const name of Object.keys(environment)) delete process.env[name]
  }
}

test.group('Settings', () => {
  test('are cast, and fall back to their defaults', async ({ assert }) => {
    const variables = {
      PET_AGE: variable('How old it is.', number(), { default: 3 }),
      PET_KIND: choice('What it is.', ['cat', 'dog'], { default: 'cat' }),
      PET_NAME: variable('What it hears.', string(), { optional: true }),
    }
    const bare = (await read(variables, {})).env
    assert.deepEqual([bare.get('PET_AGE'), bare.get('PET_KIND'), bare.get('PET_NAME')], [3, 'cat', undefined])
    const given = (await read(variables, { PET_AGE: '7', PET_KIND: 'dog', PET_NAME: 'Rex' })).env
    assert.deepEqual([given.get('PET_AGE'), given.get('PET_KIND'), given.get('PET_NAME')], [7, 'dog', 'Rex'])
    assert.equal((await read(variables, { PET_AGE: '' })).env.get('PET_AGE'), 3)
  })

  test('name every one that is wrong, and are read nevertheless', async ({ assert }) => {
    const variables = {
      PET_AGE: variable('How old it is.', number(), { default: 3 }),
      PET_KIND: choice('What it is.', ['cat', 'dog']),
      PET_HOME: variable('Where it sleeps.', string(), { with: 'PET_KIND=dog' }),
      PET_NAME: variable('What it hears.', string()),
    }
    const wrong = await read(variables, { PET_AGE: 'old', PET_KIND: 'dog' })
    assert.equal(wrong.env.get('PET_KIND'), 'dog')
    const problems = wrong.report().map(({ name, problem }) => [name, Boolean(problem)])
    assert.deepEqual(Object.fromEntries(problems), {
      PET_AGE: true,
      PET_KIND: false,
      PET_HOME: true,
      PET_NAME: true,
    })
    assert.throws(() => wrong.demand(), /^3 settings are wrong[^]*PET_AGE:[^]*PET_HOME:[^]*PET_NAME:/)
    // The other kind of pet needs no home.
    const right = await read(variables, { PET_KIND: 'cat', PET_NAME: 'Tom' })
    assert.doesNotThrow(() => right.demand())
  })

  test('tell in a table what they are, whatever the environment says', async ({ assert }) => {
    const variables = {
      PET_KIND: choice('What it is.', ['cat', 'dog']),
      PET_HOME: variable('Where it sleeps.', string(), { with: 'PET_KIND=dog' }),
      PET_AGE: variable('How old it is.', number(), { default: 3 }),
    }
    const table = markdownOf((await read(variables, { PET_KIND: 'fish' })).report())
    assert.include(table, '| `PET_KIND` | What it is. One of `cat`, `dog`. | **needed** |')
    assert.include(table, '| `PET_HOME` | Where it sleeps. | **needed** with `PET_KIND=dog` |')
    assert.include(table, '| `PET_AGE` | How old it is. | `3` |')
    assert.equal(markdownOf((await read(variables, {})).report()), table)
  })
})

test.group('The settings of the server', () => {
  const names = settings.report().map(({ name }) => name)

  test('are all in .env.example, and no others', async ({ assert }) => {
    const example = await readFile('.env.example', 'utf8')
    assert.sameMembers(
      [...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name),
      names
    )
  })

  test('are all in docs/configuration.md', async ({ assert }) => {
    const documentation = await readFile('docs/configuration.md', 'utf8')
    assert.include(documentation, markdownOf(settings.report()))
  })
})
