import { test } from '@japa/runner'
import { Retries } from '#providers/change_log/retries'

const OPTIONS = { sweepMs: 0, backoffMs: 0, attempts: 5 }

/** A store with one change that failed, whose lines are read as slowly as told. */
class OneFailure {
  isWorkedOff = false
  whileReading = async () => {}

  async run(sql: string): Promise<any[]> {
    if (sql.startsWith('delete')) this.isWorkedOff = true
    if (sql.includes('heads')) await this.whileReading()
    return this.isWorkedOff ? [] : [{ subscriber: 'hook', table_name: 'notes', key: '1', failure_id: 7, attempts: 0 }]
  }
}

test('a change whose attempt ends while the lines are read is not tried again', async ({ assert }) => {
  const store = new OneFailure()
  const attempts: PromiseWithResolvers<string | null>[] = []
  const call = () => {
    attempts.push(Promise.withResolvers())
    return attempts.at(-1)!.promise
  }
  const hadEnded = Promise.withResolvers<void>()
  const deliveries = { blocked: new Set<string>(), has: () => true, call }
  const retries = new Retries(store as any, deliveries as any, OPTIONS, hadEnded.resolve)

  await retries.turn()
  assert.lengthOf(attempts, 1)
  store.whileReading = () => {
    attempts[0].resolve(null)
    return hadEnded.promise
  }
  await retries.turn()
  assert.lengthOf(attempts, 1)
  assert.isFalse(store.isWorkedOff)
  await retries.turn()
  assert.isTrue(store.isWorkedOff)
  assert.lengthOf(attempts, 1)
})
