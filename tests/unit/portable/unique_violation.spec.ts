import { test } from '@japa/runner'
import { uniqueViolation } from '#providers/portable/index'

test.group('uniqueViolation', () => {
  test('reads the table and the columns alike from both databases', ({ assert }) => {
    const postgres = {
      code: '23505',
      table: 'media',
      detail: 'Key (post_id, "position")=(1, 2) already exists.',
      constraint: 'x',
    }
    const sqlite = {
      code: 'SQLITE_CONSTRAINT_UNIQUE',
      message: 'insert … - UNIQUE constraint failed: media.post_id, media.position',
    }
    for (const error of [postgres, sqlite]) {
      assert.deepEqual(uniqueViolation(error), { table: 'media', columns: ['post_id', 'position'] })
    }
  })

  test('is null for other errors', ({ assert }) => {
    for (const error of [new RangeError('x'), { code: '23503' }, { code: 'SQLITE_CONSTRAINT_NOTNULL', message: 'x' }]) {
      assert.isNull(uniqueViolation(error))
    }
  })
})
