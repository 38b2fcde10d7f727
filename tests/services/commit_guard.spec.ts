import db from '@adonisjs/lucid/services/db'
import { commitGuardSuite } from '#tests/suites/commit_guard'

commitGuardSuite(async () => {
  db.manager.add('other', db.manager.get(db.primaryConnectionName)!.config)
  return {
    guarded: db.connection(),
    other: db.connection('other'),
    async release() {
      await db.manager.release('other')
      for (const table of ['guarded_children', 'guarded_parents']) await db.rawQuery(`drop table ${table}`)
    },
  }
})
