import { test } from '@japa/runner'
import { type ChangeLog, E_CHANGE_LOG_DECLARATION, E_CHANGE_LOG_STALE } from '#providers/change_log/index'
import { Note, PIVOT, type Place, Stage, WATCHED } from './stage.js'

export function triggersSuite(place: Place) {
  test.group(`The triggers of the change log: ${place.name}`, (group) => {
    const stage = new Stage(group, place)

    const stale = (log: ChangeLog, what: RegExp) => async () => {
      const error = await log.check().catch((thrown) => thrown)
      if (!(error instanceof E_CHANGE_LOG_STALE)) throw new RangeError(`Not found to be stale: ${what}`)
      throw error
    }

    test('installing again changes nothing', async ({ assert }) => {
      await stage.changeLog.check()
      assert.deepEqual(await stage.changeLog.install(), [])
    })

    test('finds triggers that are missing, disabled or other, and mends them', async ({ assert }) => {
      const { changeLog } = stage
      const finds = async (what: RegExp) => {
        await assert.rejects(stale(changeLog, what), what)
        assert.deepEqual(await changeLog.install(), ['notes'])
        await changeLog.check()
      }
      await stage.raw(`drop trigger changes_notes_delete${stage.isPostgres ? ' on notes' : ''}`)
      await finds(/"notes" lacks the trigger changes_notes_delete/)
      if (stage.isPostgres) {
        await stage.raw('alter table notes disable trigger changes_notes_update')
        await finds(/"notes" has the trigger changes_notes_update disabled/)
        await stage.raw(
          `create or replace function changes_notes_update() returns trigger language plpgsql as 'begin return null; end'`
        )
      } else {
        await stage.raw('drop trigger changes_notes_insert')
        await stage.raw('create trigger changes_notes_insert after insert on notes begin select 1; end')
      }
      await finds(/"notes" has an older or another trigger/)
    })

    test('finds that a declaration changed', async ({ assert, cleanup }) => {
      cleanup(() => void (Note.watched = WATCHED))
      Note.watched = ['title']
      const changed = stage.make()
      await assert.rejects(stale(changed, /older/), /"notes" has an older or another trigger/)
      assert.deepEqual(await changed.install(), ['notes'])
      await changed.check()
      const fewer = stage.make({ tables: [] })
      await assert.rejects(stale(fewer, /undeclared/), /"note_readers" has the undeclared trigger/)
      const more = stage.make({ tables: [PIVOT, { table: 'gone', key: ['id'], columns: [] }] })
      await assert.rejects(stale(more, /gone/), /no table "gone"/)
    })

    test('a watched column that is renamed, dropped or retyped is found, and logged as what it became', async ({
      assert,
      cleanup,
    }) => {
      cleanup(async () => void (await stage.raw('drop table if exists pets')))
      await stage.raw('create table pets (id integer primary key, name text, legs integer)')
      const pets = stage.make({ tables: [PIVOT, { table: 'pets', key: ['id'], columns: ['name'] }] })
      const logged = async () =>
        (await stage.raw(`select after from changes where table_name = 'pets' order by id desc limit 1`))[0].after
      await stage.changeLog.stop()
      await pets.install()
      await pets.check()

      await stage.raw('alter table pets rename column name to called')
      await assert.rejects(stale(pets, /name/), /"pets" has no column "name"/)
      await assert.rejects(() => pets.install(), E_CHANGE_LOG_DECLARATION as any)
      assert.deepEqual(await pets.install({ lenient: true }), ['pets'], 'what cannot be watched is left alone')
      await stage.raw('insert into pets (id, called) values (1, null)')
      await stage.raw('alter table pets rename column called to name')
      await assert.rejects(stale(pets, /lacks/), /"pets" lacks the trigger/)
      await pets.install()

      const drop = 'alter table pets drop column name'
      await assert.rejects(() => stage.raw(drop), /trigger|depend/)
      await pets.uninstall()
      await stage.raw(drop)
      await assert.rejects(stale(pets, /name/), /"pets" has no column "name"/)
      await stage.raw('alter table pets add column name boolean')
      await assert.rejects(stale(pets, /lacks/), /"pets" lacks the trigger/)
      await pets.install()
      await pets.check()
      await stage.raw('insert into pets (id, name) values (2, true)')
      assert.deepEqual(JSON.parse(await logged()), { name: true })

      if (!stage.isPostgres) return
      const retype = 'alter table pets alter column name type text using name::text'
      await assert.rejects(() => stage.raw(retype), /trigger/)
      await pets.uninstall()
      await stage.raw(retype)
      await pets.install()
      await stage.raw(`insert into pets (id, name) values (3, 'Rex')`)
      assert.deepEqual(JSON.parse(await logged()), { name: 'Rex' })
    })

    test('refuses binary data, and attributes that are not there, at the declaration', async ({ assert, cleanup }) => {
      cleanup(async () => void (await stage.raw('drop table if exists blobs')))
      await stage.raw(`create table blobs (id integer primary key, data ${stage.isPostgres ? 'bytea' : 'blob'})`)
      const log = stage.make({ tables: [PIVOT, { table: 'blobs', key: ['id'], columns: ['data'] }] })
      const error: any = await log.install().catch((thrown) => thrown)
      assert.instanceOf(error, E_CHANGE_LOG_DECLARATION)
      assert.match(error.message, /"blobs\.data" holds binary data/)
      Note.watched = ['nothing']
      cleanup(() => void (Note.watched = WATCHED))
      await assert.rejects(() => stage.make().install(), /Note watches "nothing"/)
    })
  })
}
