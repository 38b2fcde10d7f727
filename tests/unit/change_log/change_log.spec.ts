import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import db from '@adonisjs/lucid/services/db'
import { sqliteConnection } from '#providers/portable/index'
import { changeLogSuite } from '#tests/suites/change_log/index'

const folder = path.join(tmpdir(), `calotype-changes-${process.pid}`)
const filename = path.join(folder, 'test.sqlite')

changeLogSuite({
  name: 'SQLite',
  async connect() {
    mkdirSync(folder)
    for (const name of ['watched', 'foreign']) db.manager.add(name, sqliteConnection({ filename }))
    return async () => {
      for (const name of ['watched', 'foreign']) await db.manager.release(name)
      rmSync(folder, { recursive: true })
    }
  },
  child: () => ({ filename }),
})
