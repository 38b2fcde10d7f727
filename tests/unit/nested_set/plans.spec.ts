import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { Note } from '#tests/suites/nested_set/models'
import { createTables, dropTables, empty, plant } from '#tests/suites/nested_set/tables'
import { sqlite } from './place.js'

/** A step that goes through a whole table or tree, or is done again for each row. */
const WHOLE = /^SCAN (ns_notes|node|child|above)\b|\(board_id=\?\)|CORRELATED/

test.group('What SQLite looks at', (group) => {
  group.setup(async () => {
    const release = await sqlite.connect()
    await createTables()
    return async () => {
      await dropTables()
      await release()
    }
  })
  group.each.setup(empty)

  const plansOf = async (work: () => Promise<unknown>) => {
    const connection = db.connection('trees')
    const said: { sql: string; bindings: any[] }[] = []
    const listen = (query: (typeof said)[number]) => said.push(query)
    const client = connection.getWriteClient()
    client.on('query', listen)
    await work()
    client.off('query', listen)
    const plans = []
    for (const { sql, bindings } of said.filter(({ sql }) => /^(select|with)/.test(sql))) {
      plans.push(...(await connection.rawQuery(`explain query plan ${sql}`, bindings)))
    }
    return plans.map(({ detail }) => detail)
  }

  test('is what is below nodes, when those go away or it is mended, and not all of the tree for each row', async ({
    assert,
  }) => {
    const { a, b, e } = await plant(Note, 'a(b(c d) e) f')
    const lift = () => db.connection('trees').transaction((client) => Note.liftChildren([b, e], client))
    for (const work of [lift, () => Note.partialRebuild(a)]) {
      const steps = await plansOf(work)
      assert.isNotEmpty(steps)
      assert.isEmpty(steps.filter((step) => WHOLE.test(step)))
    }
  })
})
