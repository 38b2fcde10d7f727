import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import db from '@adonisjs/lucid/services/db'
import { sqliteConnection } from '#providers/portable/index'
import type { Place } from '#tests/suites/nested_set/tables'

const folder = mkdtempSync(path.join(tmpdir(), 'calotype-trees-'))
const filename = path.join(folder, 'test.sqlite')

export const sqlite: Place = {
  name: 'SQLite',
  async connect() {
    mkdirSync(folder, { recursive: true })
    for (const name of ['trees', 'other']) db.manager.add(name, sqliteConnection({ filename }))
    return async () => {
      for (const name of ['trees', 'other']) await db.manager.release(name)
      rmSync(folder, { recursive: true })
    }
  },
}
