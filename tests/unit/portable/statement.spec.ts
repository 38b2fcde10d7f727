import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { Statement } from '#providers/portable/index'

test.group('Statement', () => {
  test('binds its values by name, as often as the text has them, and can be run again', async ({ assert }) => {
    const sum = new Statement<{ one: number; two: number }>(
      'test-sum',
      'select cast(:one as integer) as one, cast(:two as integer) + cast(:one as integer) as two'
    )
    assert.deepEqual(await sum.all({ one: 1, two: 2 }), [{ one: 1, two: 3 }])
    assert.deepEqual(await sum.all({ two: 4, one: 3 }), [{ one: 3, two: 7 }])
  })

  test('gives its connection back, also when it fails', async ({ assert }) => {
    const broken = new Statement('test-broken', 'select * from there_is_no_such_table where id = :id')
    for (let n = 0; n < 30; n++) await assert.rejects(() => broken.all({ id: 'x' }))
    assert.lengthOf(await db.from('users').limit(1), 0)
  })

  test('reads what is committed, and does not wait for who writes', async ({ assert }) => {
    const count = new Statement<{ n: number }>('test-count', 'select count(*) as n from statement_notes')
    const written = async () => Number((await count.all({}))[0].n)
    await db.rawQuery('create table statement_notes (id integer)')
    try {
      const transaction = await db.transaction()
      await transaction.rawQuery('insert into statement_notes values (1)')
      assert.equal(await written(), 0)
      await transaction.commit()
      assert.equal(await written(), 1)
    } finally {
      await db.rawQuery('drop table statement_notes')
    }
  })

  test('goes on after the connection was closed and opened again', async ({ assert }) => {
    const one = new Statement<{ one: number }>('test-one', 'select 1 as one')
    assert.deepEqual(await one.all({}), [{ one: 1 }])
    await db.manager.close(db.primaryConnectionName)
    assert.deepEqual(await one.all({}), [{ one: 1 }])
  })
})
