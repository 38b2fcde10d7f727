import { test } from '@japa/runner'
import { E_BUSY, Gate } from '#providers/gate/index'

const held = () => Promise.withResolvers<void>()
const turn = () => new Promise(setImmediate)

test.group('Gate', () => {
  test('lets in as much weight as its capacity, the others wait in order', async ({ assert }) => {
    const gate = new Gate({ name: 'uploads', capacity: 2, queue: 2 })
    const order: string[] = []
    const first = held()
    const second = held()

    const runs = [
      gate.run(() => (order.push('first'), first.promise)),
      gate.run(() => (order.push('heavy'), second.promise), 2),
      gate.run(async () => void order.push('light')),
    ]
    await turn()
    assert.deepEqual(order, ['first'])
    assert.equal(gate.waiting, 2)

    first.resolve()
    await turn()
    assert.deepEqual(order, ['first', 'heavy'])

    second.resolve()
    await Promise.all(runs)
    assert.deepEqual(order, ['first', 'heavy', 'light'])
    assert.equal(gate.inside, 0)
  })

  test('turns away who finds the queue full, without running the work', async ({ assert }) => {
    const gate = new Gate({ name: 'uploads', capacity: 1, queue: 1, retryAfter: 7 })
    const first = held()
    const runs = [gate.run(() => first.promise), gate.run(async () => {})]

    const refusal = await gate.run(async () => assert.fail('ran')).catch((error) => error)
    assert.instanceOf(refusal, E_BUSY)
    assert.equal(refusal.retryAfter, 7)
    assert.equal(refusal.status, 503)

    first.resolve()
    await Promise.all(runs)
  })

  test('makes room again after work that fails', async ({ assert }) => {
    const gate = new Gate({ name: 'uploads', capacity: 1, queue: 0 })
    await assert.rejects(() => gate.run(() => Promise.reject(new RangeError('broken'))), 'broken')
    assert.equal(await gate.run(async () => 'well'), 'well')
  })

  test('takes weight beyond its capacity for all of it', async ({ assert }) => {
    const gate = new Gate({ name: 'uploads', capacity: 2, queue: 0 })
    assert.equal(await gate.run(async () => gate.inside, 10), 2)
  })
})
