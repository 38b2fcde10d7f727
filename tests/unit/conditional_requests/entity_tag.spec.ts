import { test } from '@japa/runner'
import { DateTime } from 'luxon'
import { entityTag, expectedVersions, isKnown, versionOf } from '#providers/conditional_requests/index'
import { uuidv7 } from '#providers/portable/index'

test.group('Entity tags', () => {
  test('stand for the bytes, and for the version where there is one', ({ assert }) => {
    assert.match(entityTag('{}'), /^"[\w-]{22}"$/)
    assert.equal(entityTag('{}'), entityTag('{}'))
    assert.notEqual(entityTag('{}'), entityTag('[]'))
    assert.notEqual(entityTag('{}', 'a.1'), entityTag('{}', 'a.2'))
  })

  test('the version is the same however the row was read, and another one for another row or moment', ({ assert }) => {
    const id = uuidv7()
    const text = '2026-02-03T04:05:06.789Z'
    const version = versionOf({ id, updatedAt: text })
    assert.equal(versionOf({ id, updatedAt: new Date(text) }), version)
    assert.equal(versionOf({ id, updatedAt: DateTime.fromISO(text, { zone: 'Asia/Tokyo' }) }), version)
    assert.notEqual(versionOf({ id, updatedAt: '2026-02-03T04:05:06.790Z' }), version)
    assert.notEqual(versionOf({ id: uuidv7(), updatedAt: text }), version)
  })

  test('If-None-Match takes lists, weak tags and *', ({ assert }) => {
    const known = (header: string) => isKnown(header, '"a"')
    for (const header of ['"a"', 'W/"a"', '*', ' * ', '"b", "a"', '"b",W/"a" ,"c"', '"x,y", , "a"', '"b",,"a"'])
      assert.isTrue(known(header), header)
    for (const header of ['', 'a', '"b"', '"ab"', '"b", "c"', 'W/"b"', '"', '"a', '**', '"a\0"'])
      assert.isFalse(known(header), header)
  })

  test('If-Match names the versions of strong tags', ({ assert }) => {
    assert.isUndefined(expectedVersions(undefined))
    assert.isUndefined(expectedVersions(' * '))
    assert.deepEqual(expectedVersions('"a.1-h-x"'), ['a.1'])
    assert.deepEqual(expectedVersions('"a.1-h", W/"a.2-h" ,"a.3"'), ['a.1', 'a.3'])
    for (const header of ['', 'a.1', 'W/"a.1"', '"a.1', '"*']) assert.deepEqual(expectedVersions(header), [], header)
  })
})
