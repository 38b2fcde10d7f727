import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import ace from '@adonisjs/core/services/ace'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import { freezeTime, test } from '@japa/runner'
import { DateTime } from 'luxon'
import {
  countExpired,
  defineConfig,
  dropSoftDeletes,
  dropUniqueAmongLiving,
  E_SOFT_DELETE_CONFIG,
  purge,
  softDeletes,
  uniqueAmongLiving,
} from '#providers/soft_delete/index'
import { getCommand, getMetaData } from '#providers/soft_delete/commands/main'
import { Comment, Profile, Tag, User } from './models.js'
import { createTables, dropTables, empty, id, type Place, rows } from './tables.js'
import { everything, family, trashed } from './writing.js'

export function purgingSuite(place: Place) {
  test.group(`Purging the trash: ${place.name}`, (group) => {
    group.setup(async () => {
      const release = await place.connect()
      await createTables()
      return async () => {
        await dropTables()
        await release()
      }
    })
    group.each.setup(empty)

    const age = async (table: string, days: number, ids?: string[]) => {
      const at = DateTime.utc().minus({ days }).toISO()
      const query = db.connection('trash').from(table).whereNotNull('deleted_at')
      await (ids ? query.whereIn('id', ids) : query).update({ deleted_at: at })
    }
    const tags = async (count: number) => {
      const numbers = Array.from({ length: count }, (_, index) => index + 1)
      await db
        .connection('trash')
        .table('sd_tags')
        .multiInsert(numbers.map((n) => ({ id: id(n, 5), name: `t${n}` })))
      await Tag.query().delete()
      await age('sd_tags', 40)
      return numbers
    }
    const total = (batches: { rows: number }[]) => batches.reduce((sum, batch) => sum + batch.rows, 0)

    test('deletes for good what is old enough, by age or by what the model declares', async ({ assert }) => {
      await tags(4)
      await Tag.query().where('id', id(1, 5)).restore()
      await age('sd_tags', 20, [id(2, 5)])
      assert.equal(await countExpired({ model: Tag, olderThan: '30d' }), 2)
      assert.deepEqual(await Array.fromAsync(purge({ model: Tag, olderThan: '30d', dryRun: true })), [
        { rows: 2, counts: { sd_tags: 2 } },
      ])
      assert.lengthOf(await rows('sd_tags'), 4)
      assert.equal(total(await Array.fromAsync(purge({ model: Tag, olderThan: '30d' }))), 2)
      assert.deepEqual(
        (await rows('sd_tags')).map((row) => row.id),
        [id(1, 5), id(2, 5)]
      )
      Tag.softDeletes.retention = '19d'
      assert.equal(total(await Array.fromAsync(purge({ model: Tag }))), 1)
      delete Tag.softDeletes.retention
      for (const olderThan of [undefined, 'soon', -1, Number.NaN])
        await assert.rejects(() => Array.fromAsync(purge({ model: Tag, olderThan })), /^Tag: say how old/)
      assert.lengthOf(await rows('sd_tags'), 1)
    })

    test('takes at an age of 0 what went to the trash in the same millisecond', async ({ assert }) => {
      const { ada } = await family()
      freezeTime()
      await ada.delete()
      assert.equal(await countExpired({ model: User, olderThan: 0 }), 1)
      assert.equal(total(await Array.fromAsync(purge({ model: User, olderThan: 0 }))), 1)
    })

    test('takes descendants along, children first', async ({ assert }) => {
      const { ada } = await family()
      await ada.delete()
      const dry = await Array.fromAsync(purge({ model: User, olderThan: 0, dryRun: true }))
      assert.lengthOf(await everything(), 8)
      const batches = await Array.fromAsync(purge({ model: User, olderThan: 0 }))
      assert.deepEqual(batches, [{ rows: 1, counts: { sd_comments: 4, sd_posts: 2, sd_profiles: 1, sd_users: 1 } }])
      assert.deepEqual(dry, batches)
      assert.lengthOf(await rows('sd_users'), 1)
      assert.isEmpty(await rows('sd_comments'))
    })

    test('leaves what a parent took along until the parent goes', async ({ assert }) => {
      const { ada, post, comment } = await family()
      await comment.delete()
      await post.delete()
      await ada.delete()
      assert.equal(total(await Array.fromAsync(purge({ model: Comment, olderThan: 0 }))), 1)
      assert.deepEqual(await everything(), ['1/1', '2/1', '3/1', '3/2', '4/2', '4/4'])
      assert.isEmpty(await Array.fromAsync(purge({ model: Profile, olderThan: 0 })))
      await ada.restore()
      assert.deepEqual(await everything(), ['3/1'])
    })

    test('works in batches, each in a transaction of its own; a failure keeps what was done', async ({ assert }) => {
      await tags(10)
      const seen: string[] = []
      Tag.softDeletes.beforePurge = (doomed: Tag[], client) => {
        assert.isTrue(client.isTransaction)
        seen.push(...doomed.map((tag) => tag.name))
        if (seen.length === 9) throw new RangeError('no files')
      }
      const purged: number[] = []
      await assert.rejects(async () => {
        for await (const batch of purge({ model: Tag, olderThan: '30d', batch: 3 })) purged.push(batch.rows)
      }, 'no files')
      delete Tag.softDeletes.beforePurge
      assert.deepEqual(purged, [3, 3])
      assert.deepEqual(await trashed('sd_tags'), ['5/7', '5/8', '5/9', '5/10'])
      assert.deepEqual(
        (await Array.fromAsync(purge({ model: Tag, olderThan: '30d', batch: 3 }))).map((batch) => batch.rows),
        [3, 1]
      )
    })

    test('stops between batches when told to', async ({ assert }) => {
      await tags(10)
      const stop = new AbortController()
      for await (const batch of purge({ model: Tag, olderThan: 0, batch: 4, signal: stop.signal })) {
        assert.equal(batch.rows, 4)
        stop.abort()
      }
      assert.lengthOf(await rows('sd_tags'), 6)
    })

    test('goes on where a killed process ended', async ({ assert }) => {
      await tags(40)
      const child = spawn(
        process.execPath,
        ['--import=@poppinss/ts-exec', 'tests/suites/soft_delete/killed_purge.ts', JSON.stringify(place.child())],
        { cwd: app.makePath(), stdio: ['ignore', 'pipe', 'inherit'] }
      )
      const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))
      let batches = 0
      createInterface({ input: child.stdout! }).on('line', () => {
        if (++batches === 3) child.kill('SIGKILL')
      })
      assert.equal(await ended, 'SIGKILL')
      assert.equal(batches, 3)
      // PostgreSQL may still hold what the killed process had locked, which a purge leaves out: this waits for it.
      assert.lengthOf(await db.connection('trash').from('sd_tags').forUpdate(), 34)
      assert.equal(total(await Array.fromAsync(purge({ model: Tag, olderThan: 0, batch: 4 }))), 34)
      assert.isEmpty(await rows('sd_tags'))
    })

    test('trash:purge says what it does, and ends with what it is worth', async ({ assert }) => {
      const run = async (...options: string[]) => {
        app.config.set(
          'soft_delete',
          defineConfig({ models: [async () => ({ default: User }), async () => ({ default: Tag })] })
        )
        const printed: string[] = []
        const { log } = console
        console.log = (line: string) => void printed.push(line)
        try {
          const command: any = await ace.create((await getCommand({ commandName: 'trash:purge' })) as any, [
            ...options,
            '--json',
          ])
          await command.exec()
          return { exitCode: command.exitCode ?? 0, output: JSON.parse(printed.join('')) }
        } finally {
          console.log = log
        }
      }
      assert.lengthOf(await getMetaData(), 1)
      const { ada } = await family()
      await ada.delete()
      await age('sd_users', 31)
      await tags(3)
      const purged = { sd_comments: 4, sd_posts: 2, sd_profiles: 1, sd_users: 1 }
      assert.deepEqual(await run('--dry-run'), { exitCode: 0, output: { dryRun: true, stopped: false, purged } })
      assert.deepEqual(await run(), { exitCode: 0, output: { dryRun: false, stopped: false, purged } })
      assert.deepEqual((await run('--model=Tag', '--older-than=30d', '--batch=2')).output.purged, { sd_tags: 3 })
      for (const wrong of [['--model=Nobody'], ['--model=Tag'], ['--older-than=soon'], ['--batch=0']]) {
        const { exitCode, output } = await run(...wrong)
        assert.equal(exitCode, 1, wrong.join(' '))
        assert.isString(output.error)
      }
      assert.equal(E_SOFT_DELETE_CONFIG.code, 'E_SOFT_DELETE_CONFIG')
    })

    test('the columns and the index of a migration go up and down', async ({ assert }) => {
      const { schema } = db.connection('trash')
      await schema.createTable('sd_things', (table) => {
        table.increments()
        table.string('key')
      })
      const migrate = async (change: (schema: any) => void) => {
        const migration = db.connection('trash').schema
        change(migration)
        await migration
      }
      const index = (helper: typeof uniqueAmongLiving) => migrate((schema) => helper(schema, 'sd_things', ['key']))
      const insert = (row: object) => db.connection('trash').table('sd_things').insert(row)
      try {
        await migrate((schema) => schema.alterTable('sd_things', softDeletes))
        await index(uniqueAmongLiving)
        await insert({ key: 'a', deleted_at: '2026-01-01T00:00:00.000Z' })
        await insert({ key: 'a' })
        await assert.rejects(() => insert({ key: 'a' }), /unique/i)
        await index(dropUniqueAmongLiving)
        await insert({ key: 'a' })
        await migrate((schema) => dropSoftDeletes(schema, 'sd_things'))
        assert.notProperty((await db.connection('trash').from('sd_things'))[0], 'deleted_at')
      } finally {
        await db.connection('trash').schema.dropTable('sd_things')
      }
    })
  })
}
