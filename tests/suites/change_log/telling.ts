import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import { DateTime } from 'luxon'
import { E_COMMIT_FAILED } from '#providers/commit_guard/index'
import { nextId, Note, Owner, type Place, Stage } from './stage.js'

export function tellingSuite(place: Place) {
  test.group(`What the change log tells: ${place.name}`, (group) => {
    const stage = new Stage(group, place)

    test('hands a change to the hooks with values as the model reads them', async ({ assert }) => {
      const id = nextId()
      const seenAt = DateTime.fromISO('2026-01-02T03:04:05.678Z', { zone: 'utc' })
      await Note.create({ id, title: 'a', done: true, big: '9007199254740993', seenAt })
      await stage.drained()
      await Note.query().where('id', id).update({ done: false, big: null, seen_at: null })
      await stage.drained()

      const [created, updated] = stage.heard(id)
      assert.containSubset(created, { table: 'notes', operation: 'created', before: null })
      assert.containSubset(created.after, { title: 'a', done: true, big: '9007199254740993', deletedAt: null })
      assert.equal(created.after.seenAt.toISO(), '2026-01-02T03:04:05.678Z')
      assert.containSubset(updated.after, { title: 'a', done: false, big: null, seenAt: null })
      assert.deepEqual(updated.before, created.after)
      assert.isAbove(updated.revision, created.revision)
    })

    test('leaves writes of other columns alone', async ({ assert }) => {
      const id = nextId()
      await Note.create({ id, title: 'a' })
      await Note.query().where('id', id).increment('hits', 1)
      await Note.query().where('id', id).update({ title: 'a' })
      await stage.drained()
      assert.lengthOf(stage.heard(id), 1)
    })

    test('tells of soft deletion, restoration and deletion', async ({ assert }) => {
      const note = await Note.create({ id: nextId(), title: 'a' })
      await note.merge({ deletedAt: DateTime.utc() }).save()
      await note.merge({ deletedAt: null }).save()
      await note.delete()
      await stage.drained()
      assert.deepEqual(stage.operations(note.id), ['created', 'deleted', 'restored', 'deleted'])
    })

    test('tells of a changed key as a deletion and a creation', async ({ assert }) => {
      const [from, to] = [nextId(), nextId()]
      await Note.create({ id: from, title: 'a' })
      await Note.query().where('id', from).update({ id: to, title: 'b' })
      await stage.drained()
      assert.deepEqual(stage.operations(from), ['created', 'deleted'])
      assert.containSubset(stage.heard(to), [{ operation: 'created', after: { title: 'b' } }])
    })

    test('tells of a row that one transaction makes and deletes, and of nothing that is rolled back', async ({
      assert,
    }) => {
      const [kept, lost] = [nextId(), nextId()]
      await stage.client.transaction(async (transaction) => {
        const note = await Note.create({ id: kept, title: 'a' }, { client: transaction })
        await note.delete()
      })
      await assert.rejects(() =>
        stage.client.transaction(async (transaction) => {
          await Note.create({ id: lost, title: 'a' }, { client: transaction })
          throw new E_COMMIT_FAILED('on purpose')
        })
      )
      await stage.drained()
      assert.lengthOf(stage.heard(kept), 2)
      assert.lengthOf(stage.heard(lost), 0)
    })

    test('tells of every row that a truncation takes, also by cascade', async ({ assert }) => {
      const notes = await Note.createMany([{ id: nextId() }, { id: nextId() }])
      const owner = await Owner.create({ name: 'reader' })
      await notes[0].related('readers').attach([owner.id])
      await stage.drained()
      await Note.truncate(true)
      await stage.drained()
      for (const { id } of notes) assert.equal(stage.heard(id).at(-1)!.operation, 'deleted')
      const rows = await stage.client.from('note_readers')
      assert.lengthOf(rows, 0)
    })

    test('keeps the order when a key is deleted by one and made again by another', async ({ assert }) => {
      const id = nextId()
      await Note.create({ id, title: '0' })
      for (let n = 1; n <= 5; n++) {
        const first = await stage.client.transaction()
        await first.from('notes').where('id', id).delete()
        const second = Note.create({ id, title: String(n) })
        await sleep(5)
        await first.commit()
        await second
      }
      await stage.drained()
      const revisions = stage.heard(id).map(({ revision }) => revision)
      assert.deepEqual(
        revisions,
        revisions.toSorted((a, b) => a - b)
      )
      assert.lengthOf(revisions, 11)
      assert.equal(stage.heard(id).at(-1)!.after.title, '5')
    })

    test('never gives a revision twice, also after the log was emptied', async ({ assert }) => {
      const id = nextId()
      await Note.create({ id, title: 'a' })
      await stage.drained()
      await stage.replace()
      await Note.query().where('id', id).update({ title: 'b' })
      await stage.drained()
      const [first, second] = stage.heard(id)
      assert.isAbove(second.revision, first.revision)
    })
  })
}
