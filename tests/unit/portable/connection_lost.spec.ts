import { test } from '@japa/runner'
import { connectionLost } from '#providers/portable/index'

test.group('connectionLost', () => {
  test('knows a connection that broke off, also with the statement before it', ({ assert }) => {
    assert.isTrue(connectionLost(new Error('Connection terminated unexpectedly')))
    assert.isTrue(connectionLost(new Error('insert into "media" - Connection terminated unexpectedly')))
    assert.isTrue(connectionLost(Object.assign(new Error('terminating connection'), { code: '57P01' })))
    assert.isTrue(connectionLost(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })))
  })

  test('is told from a server that was never reached, and from a statement that was refused', ({ assert }) => {
    assert.isFalse(connectionLost(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })))
    assert.isFalse(connectionLost(Object.assign(new Error('duplicate key'), { code: '23505' })))
    assert.isFalse(connectionLost('Connection terminated'))
  })
})
