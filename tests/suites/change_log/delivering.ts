import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import { addCommitHook, type Change } from '#providers/change_log/index'
import { E_COMMIT_FAILED } from '#providers/commit_guard/index'
import { eventually } from '#tests/helpers'
import { nextId, Note, Owner, type Place, Stage } from './stage.js'

export function deliveringSuite(place: Place) {
  test.group(`Delivering the change log: ${place.name}`, (group) => {
    const stage = new Stage(group, place)

    test('where another leads, a request runs the synchronous hooks itself', async ({ assert }) => {
      const other = stage.make({ models: [async () => ({ default: Note })], tables: [] })
      await other.start()
      await sleep(100)
      assert.isFalse(other.leads)
      await stage.changeLog.stop()
      await eventually(() => other.leads, 'the other took over')
      await stage.changeLog.start()
      Note.heard = []
      const id = nextId()
      const transaction = await stage.client.transaction()
      await Note.create({ id, title: 'a' }, { client: transaction })
      await transaction.commit()
      assert.isTrue(await stage.delivered({ transaction }))
      assert.isAtLeast(stage.heard(id).length, 1)
      await other.stop()
    })

    test('where nobody relays in this process, a request runs the synchronous hooks itself', async ({ assert }) => {
      const other = stage.make()
      const id = nextId()
      Note.heard = []
      await stage.changeLog.stop()
      await Note.create({ id, title: 'a' })
      assert.lengthOf(stage.heard(id), 0)
      assert.isTrue(await stage.delivered({ log: other }))
      assert.lengthOf(stage.heard(id), 1)
      assert.isFalse(other.leads)
    })

    test('a failing hook blocks its key only, in order, until it succeeds', async ({ assert }) => {
      const order: string[] = []
      const [bad, good] = [nextId(), nextId()]
      let isDown = true
      const handle = ({ key, after }: Change) => {
        if (key === bad && isDown) throw new E_COMMIT_FAILED('down')
        order.push(`${key} ${after!.title}`)
      }
      await stage.replace({ attempts: 50 }, (log) =>
        log.subscribe({ name: 'fragile', table: 'notes', operations: ['created', 'updated'], handle })
      )
      await Note.create({ id: bad, title: '1' })
      await Note.query().where('id', bad).update({ title: '2' })
      await Note.create({ id: good, title: '1' })
      await Note.query().where('id', bad).update({ title: '3' })
      await eventually(() => order.includes(`${good} 1`), 'the other key is delivered')
      await eventually(async () => (await stage.changeLog.status()).waiting === 0, 'all moved')
      assert.equal((await stage.changeLog.status()).retrying, 3)
      assert.deepEqual(
        stage.heard(bad).map(({ after }) => after.title),
        ['1', '2', '3'],
        'other subscribers go on'
      )
      isDown = false
      await stage.drained()
      assert.deepEqual(
        order.filter((line) => line.startsWith(`${bad} `)),
        [`${bad} 1`, `${bad} 2`, `${bad} 3`]
      )
    })

    test('a hook that hangs holds nobody up for longer than it may take', async ({ assert }) => {
      const ids = Array.from({ length: 60 }, nextId)
      const good: string[] = []
      const started: string[] = []
      const hang = ({ key }: Change) => {
        started.push(key)
        return new Promise(() => undefined)
      }
      await stage.replace({ hookTimeoutMs: 300, attempts: 2, backoffMs: 10 }, (log) => {
        log.subscribe({ name: 'hanging', table: 'notes', operations: ['created'], handle: hang })
        log.subscribe({ name: 'good', table: 'owners', operations: ['created'], handle: ({ key }) => good.push(key) })
      })
      await Note.createMany(ids.map((id) => ({ id })))
      await eventually(() => started.length > 0, 'hangs')
      const owner = await Owner.create({ name: 'waits' })
      await eventually(() => good.includes(String(owner.id)), 'the other hook is reached')
      // Sixteen hooks run at once: had each batch waited for all that hang, it would have been these and more.
      assert.isBelow(started.length, 2 * 16 + 1)
      await eventually(async () => (await stage.changeLog.status()).dead.length === ids.length, 'all are dead letters')
    })

    test('after its attempts a change is a dead letter, until it is retried', async ({ assert }) => {
      const id = nextId()
      Note.failing.add(id)
      await Note.create({ id, title: 'a' })
      await eventually(async () => (await stage.changeLog.status()).dead.length === 1, 'dead')
      assert.containSubset((await stage.changeLog.status()).dead[0], {
        subscriber: 'Note.stumble',
        key: id,
        attempts: 3,
      })
      Note.failing.clear()
      assert.equal(await stage.changeLog.retry(), 1)
      await eventually(async () => {
        const { dead, retrying } = await stage.changeLog.status()
        return dead.length + retrying === 0
      }, 'revived and delivered')
    })

    test('an error that PostgreSQL could not keep is an error like others', async ({ assert }) => {
      const [bad, good] = [nextId(), nextId()]
      const calls: string[] = []
      await stage.replace({ attempts: 2 }, (log) =>
        log.subscribe({
          name: 'binary',
          table: 'notes',
          operations: ['created'],
          handle({ key }) {
            calls.push(key)
            if (key === bad) throw new E_COMMIT_FAILED('the server answered "\0"')
          },
        })
      )
      await Note.create({ id: bad })
      await Note.create({ id: good })
      await eventually(async () => (await stage.changeLog.status()).dead.length === 1, 'a dead letter')
      await stage.drained()
      assert.deepEqual(calls.toSorted(), [bad, bad, good].toSorted())
    })

    test('a request that comes while changes are read does not wait for slow hooks', async ({ assert }) => {
      let release = () => {}
      const held = new Promise<void>((resolve) => (release = resolve))
      const [first, second] = [nextId(), nextId()]
      let wrote: Promise<boolean> | null = null
      await stage.replace({ hookTimeoutMs: 60_000 }, (log) => {
        log.subscribe({
          name: 'in between',
          table: 'notes',
          operations: ['created'],
          synchronous: true,
          async handle({ key }) {
            if (key !== first || wrote) return
            await Note.create({ id: second })
            wrote = stage.changeLog.delivered({ timeoutMs: 60_000 })
          },
        })
        log.subscribe({ name: 'slow', table: 'notes', operations: ['created'], handle: () => held })
      })
      await Note.create({ id: first })
      await eventually(() => wrote !== null, 'a request came in between')
      assert.isTrue(await wrote!)
      assert.isAtLeast(stage.heard(second).length, 1)
      assert.lengthOf(stage.heard(first), 1)
      release()
    })

    test('starting twice is starting once, and stopping ends it also while it starts', async ({ assert }) => {
      await stage.changeLog.stop()
      const log = stage.make()
      await Promise.all([log.start(), log.start()])
      await log.stop()
      const starting = log.start()
      await log.stop()
      await starting
      assert.isFalse(log.leads)
      await stage.begin()
    })

    test('hooks may be added to a model by a plugin', async ({ assert }) => {
      const got: string[] = []
      class Extended extends Note {
        static table = 'notes'
      }
      addCommitHook(Extended, ['created', 'deleted'], 'plugin', ({ operation }) => void got.push(operation))
      await stage.replace({ models: [async () => ({ default: Extended }), async () => ({ default: Owner })] })
      const note = await Note.create({ id: nextId() })
      await note.delete()
      await stage.drained()
      assert.deepEqual(got, ['created', 'deleted'])
    })
  })
}
