import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { Lookup, Statement } from '#providers/portable/index'

interface Note {
  id: string
  text: string
}

/** Counts how often it is run. */
class Counted extends Statement<Note> {
  runs = 0

  all(values: Parameters<Statement<Note>['all']>[0]) {
    this.runs++
    return super.all(values)
  }
}

const among = (keys: string) => `select id, text from lookup_notes where id in (select ${keys})`

const notes = () =>
  new Counted('test-notes', {
    postgres: among('json_array_elements_text(:keys)'),
    sqlite: among('value from json_each(:keys)'),
  })

test.group('Lookup', (group) => {
  group.each.setup(async () => {
    await db.rawQuery('create table lookup_notes (id text primary key, text text)')
    await db.table('lookup_notes').multiInsert(['a', 'b', 'c'].map((id) => ({ id, text: `note ${id}` })))
    return () => db.rawQuery('drop table lookup_notes')
  })

  test('answers those who ask at once by one statement, each with what it asked for', async ({ assert }) => {
    const statement = notes()
    const lookup = new Lookup(statement, ({ id }) => id)
    const found = await Promise.all(['a', 'x', 'b', 'a'].map((key) => lookup.find(key)))
    assert.deepEqual(
      found.map((note) => note?.text ?? null),
      ['note a', null, 'note b', 'note a']
    )
    assert.equal(statement.runs, 1)
  })

  test('sees what was committed before one asked, also while another answer is on its way', async ({ assert }) => {
    const lookup = new Lookup(notes(), ({ id }) => id)
    const early = lookup.find('a')
    await new Promise((resolve) => setImmediate(resolve))
    await db.from('lookup_notes').where('id', 'a').update({ text: 'changed' })
    assert.equal((await lookup.find('a'))?.text, 'changed')
    assert.oneOf((await early)?.text, ['note a', 'changed'])
    await db.from('lookup_notes').where('id', 'a').delete()
    assert.isNull(await lookup.find('a'))
  })

  test('fails for all who asked together, and for nobody after them', async ({ assert }) => {
    const broken = new Lookup(new Statement<Note>('test-broken-notes', 'select :keys from nowhere'), ({ id }) => id)
    const results = await Promise.allSettled([broken.find('a'), broken.find('b')])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected']
    )
    await assert.rejects(() => broken.find('c'))

    const lookup = new Lookup(notes(), ({ id }) => id)
    assert.equal((await lookup.find('c'))?.text, 'note c')
  })
})
