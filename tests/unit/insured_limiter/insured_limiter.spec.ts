import { access } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import { errors, stores } from '@adonisjs/limiter'
import { Insurance } from '#providers/insured_limiter/index'

const limit = { requests: 2, duration: '1 minute' }

/** A store on a server that can be taken away, and what was logged. */
function stage() {
  const remote = stores.memory({})(limit)
  const state = { isDown: false, asked: 0, answer: async () => {} }
  const failing = new Proxy(remote, {
    get(target, name: keyof typeof remote) {
      const value = target[name]
      if (typeof value !== 'function') return value
      return async (...args: unknown[]) => {
        state.asked++
        if (state.isDown) throw new RangeError('gone')
        await state.answer()
        return (value as any).apply(target, args)
      }
    },
  })
  const logged: string[] = []
  const log = {
    info: (message: string) => void logged.push(message),
    error: (_: object, message: string) => void logged.push(message),
  }
  return { state, logged, store: new Insurance(log).cover(failing, limit) }
}

test.group('Insured limiter', () => {
  test('asks the server while it answers, and hands its refusals on', async ({ assert }) => {
    const { store, state, logged } = stage()
    for (const remaining of [1, 0]) assert.equal((await store.consume('a')).remaining, remaining)
    await assert.rejects(() => store.consume('a'), errors.E_TOO_MANY_REQUESTS)
    assert.equal(state.asked, 3)
    assert.deepEqual(logged, [])
  })

  test('counts for itself while the server is away, refuses too, and says so once', async ({ assert }) => {
    const { store, state, logged } = stage()
    state.isDown = true
    for (const remaining of [1, 0]) assert.equal((await store.consume('a')).remaining, remaining)
    await assert.rejects(() => store.consume('a'), errors.E_TOO_MANY_REQUESTS)
    assert.equal((await store.get('a'))?.consumed, 3)
    await store.delete('a')
    assert.isNull(await store.get('a'))
    assert.lengthOf(logged, 1)
    assert.equal(state.asked, 1, 'the server is left alone for a while')
  })

  test('goes back to the server by itself, and says so', async ({ assert }) => {
    const { store, state, logged } = stage()
    await store.consume('a')
    state.isDown = true
    await store.consume('a')
    state.isDown = false
    for (const end = Date.now() + 5000; Date.now() < end && logged.length < 2; await sleep(50)) await store.get('a')
    assert.match(logged[1], /answers again/)
    assert.equal((await store.get('a'))?.consumed, 1, 'what the server counted before')
  })

  test('counts for itself when the server is silent', async ({ assert }) => {
    const { store, state, logged } = stage()
    await store.consume('a')
    state.answer = () => new Promise(() => {})
    assert.equal((await store.consume('a')).remaining, 1)
    assert.lengthOf(logged, 1)
  })

  test('does not take a server for silent because the process stood still', async ({ assert }) => {
    const { store, state, logged } = stage()
    // The answer comes meanwhile, and is read after the timers that are due.
    state.answer = () => access('.')
    const first = store.consume('a')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600)
    assert.equal((await first).remaining, 1)
    assert.equal((await store.consume('a')).remaining, 0)
    assert.deepEqual(logged, [])
  })
})
