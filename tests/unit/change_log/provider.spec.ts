import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import ace from '@adonisjs/core/services/ace'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import { MigrationRunner } from '@adonisjs/lucid/migration'
import { test } from '@japa/runner'
import { ChangeLog, defineConfig, E_CHANGE_LOG_CONFIG, E_CHANGE_LOG_STALE } from '#providers/change_log/index'
import ChangeLogProvider from '#providers/change_log/provider'
import ChangesInstall from '#providers/change_log/commands/changes_install'
import ChangesRetry from '#providers/change_log/commands/changes_retry'
import ChangesStatus from '#providers/change_log/commands/changes_status'
import { getCommand, getMetaData } from '#providers/change_log/commands/main'
import { sqliteConnection } from '#providers/portable/index'

const PETS = { table: 'pets', key: ['id'], columns: ['name'] }

test.group('The change log in an application', (group) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'calotype-changes-'))
  const migrations = { naturalSort: true, paths: ['tests/unit/change_log/migrations'] }
  let changeLog: ChangeLog
  const make = (name: any) => (name === 'changeLog' ? changeLog : app.container.make(name))
  const application: any = { container: { make, hasBinding: () => true, call: app.container.call.bind(app.container) } }

  const migrate = async (direction: 'up' | 'down', amount: { batch?: number; step?: number } = { batch: 0 }) => {
    const runner = new MigrationRunner(db, app, { direction, connectionName: 'migrated', ...amount } as any)
    await runner.run()
    if (runner.error) throw runner.error
  }
  const run = async (command: any, ...options: string[]) => {
    const created = await ace.create(command, options)
    created.app = application
    await created.exec()
    return created
  }

  group.setup(async () => {
    db.manager.add('migrated', { ...sqliteConnection({ filename: path.join(folder, 'test.sqlite') }), migrations })
    changeLog = new ChangeLog(db, defineConfig({ connection: 'migrated', models: [], tables: [PETS] }), {
      error: () => undefined,
      info: () => undefined,
    } as any)
    const provider = new ChangeLogProvider(application)
    provider.boot()
    ace.ui.switchMode('raw')
    return async () => {
      ace.ui.switchMode('normal')
      await provider.shutdown()
      await db.manager.release('migrated')
      rmSync(folder, { recursive: true })
    }
  })

  test('installs the triggers after migrations that build a watched table anew, and takes them away before', async ({
    assert,
  }) => {
    await migrate('up')
    await changeLog.check()
    const client = db.connection('migrated')
    await client.table('pets').insert({ name: 'Rex' })
    assert.equal((await changeLog.status()).waiting, 1)

    await migrate('down', { step: 1 })
    await changeLog.check()
    await migrate('up')
    await changeLog.check()

    const version = async () => (await client.rawQuery('pragma schema_version'))[0].schema_version
    const before = await version()
    await migrate('up')
    assert.equal(await version(), before, 'nothing to migrate, nothing touched')

    const provider = new ChangeLogProvider({ ...application, getEnvironment: () => 'web', getMode: () => 'run' })
    await provider.start()
    await client.rawQuery('drop trigger changes_pets_insert')
    await assert.rejects(() => provider.start(), /"pets" lacks the trigger changes_pets_insert/)
    const error: any = await changeLog.check().catch((thrown) => thrown)
    assert.instanceOf(error, E_CHANGE_LOG_STALE)
    assert.deepEqual(error.problems, ['"pets" lacks the trigger changes_pets_insert'])
  })

  test('the commands find it, mend it, and show what is dead', async ({ assert }) => {
    assert.equal((await run(ChangesInstall, '--dry-run')).exitCode, 1)
    assert.equal((await run(ChangesStatus)).exitCode, 1)
    assert.equal((await run(ChangesInstall)).exitCode, 0)
    assert.equal((await run(ChangesInstall, '--dry-run')).exitCode, 0)
    assert.equal((await run(ChangesStatus)).exitCode, 0)
    await changeLog.check()

    await db.connection('migrated').table('change_failures').insert({
      change_id: 1,
      table_name: 'pets',
      key: '1',
      operation: 'created',
      subscriber: 'Pet.index',
      attempts: 10,
      error: 'down',
      dead_at: Date.now(),
    })
    assert.equal((await run(ChangesStatus)).exitCode, 1)
    await run(ChangesRetry, '--dry-run')
    assert.lengthOf((await changeLog.status()).dead, 1)
    await run(ChangesRetry, '--subscriber=Another')
    assert.lengthOf((await changeLog.status()).dead, 1)
    await run(ChangesRetry, '--subscriber=Pet.index')
    assert.lengthOf((await changeLog.status()).dead, 0)
  })

  test('ace is told of every command', async ({ assert }) => {
    const names = (await getMetaData()).map(({ commandName }) => commandName)
    assert.sameMembers(names, ['changes:install', 'changes:status', 'changes:retry', 'changes:relay'])
    for (const commandName of names) assert.isNotNull(await getCommand({ commandName }))
    assert.isNull(await getCommand({ commandName: 'other' }))
  })

  test('says what its configuration lacks', ({ assert }) => {
    assert.throws(() => new ChangeLog(db, undefined as any, null as any), E_CHANGE_LOG_CONFIG as any)
  })

  test('can be rolled back', async ({ assert }) => {
    await migrate('down')
    assert.match((await changeLog.status().catch(({ message }) => message)) as string, /no such table: changes/)
  })
})
