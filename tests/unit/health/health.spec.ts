import { test } from '@japa/runner'
import { Health, type HealthOptions } from '#providers/health/index'
import { eventually } from '#tests/helpers'

/** A health that keeps what it tells the log. */
function healthOf(options: Partial<HealthOptions> = {}) {
  const log: string[] = []
  const note = (_: object, message: string) => void log.push(message)
  const logger = { info: note, warn: note } as unknown as HealthOptions['logger']
  return { log, health: new Health({ isEnding: () => false, logger, timeoutMs: 20, goodForMs: 1, ...options }) }
}

const silent = () => new Promise<void>(() => {})
const broken = async () => {
  throw new RangeError('password authentication failed for user "calotype"')
}

test.group('Health', () => {
  test('is well when every check passes, and names the one that does not', async ({ assert }) => {
    const { health } = healthOf()
    assert.deepEqual(await health.report(), { ok: true, checks: {} })
    health.add('database', async () => {})
    await eventually(async () => 'database' in (await health.report()).checks, 'a new report')
    assert.isTrue((await health.report()).ok)

    health.add('storage', broken)
    await eventually(async () => !(await health.report()).ok, 'it is noticed')
    const { checks } = await health.report()
    assert.deepEqual([checks.database.ok, checks.storage.ok], [true, false])
    assert.isNumber(checks.storage.latency)
    assert.notInclude(JSON.stringify(checks), 'password')
  })

  test('does not wait for a server that is silent, nor asks it again', async ({ assert }) => {
    const { health, log } = healthOf({ timeoutMs: 1000 })
    let asked = 0
    health.add('database', () => {
      asked++
      return silent()
    })
    const first = await health.report()
    assert.isFalse(first.ok)
    let second = first
    await eventually(async () => (second = await health.report()) !== first, 'a second report')
    assert.isFalse(second.ok)
    assert.equal(asked, 1)
    assert.lengthOf(log, 1)
  })

  test('asks a server anew that has been silent for long', async ({ assert }) => {
    const { health } = healthOf({ timeoutMs: 5 })
    let asked = 0
    health.add('database', () => (asked++ === 0 ? silent() : Promise.resolve()))
    assert.isFalse((await health.report()).ok)
    await eventually(async () => (await health.report()).ok, 'it is well again')
    assert.equal(asked, 2)
  })

  test('asks once for many probes, and tells the log when something changes', async ({ assert }) => {
    const { health, log } = healthOf({ goodForMs: 60_000 })
    let asked = 0
    health.add('database', () => {
      asked++
      return broken()
    })
    const reports = await Promise.all(Array.from({ length: 100 }, () => health.report()))
    assert.isFalse(reports.some(({ ok }) => ok))
    assert.isFalse((await health.report()).ok)
    assert.equal(asked, 1)
    assert.deepEqual(log, ['a server that is needed does not answer'])
  })

  test('is not well while the process ends, without asking anybody', async ({ assert }) => {
    let isEnding = false
    const { health } = healthOf({ isEnding: () => isEnding })
    health.add('database', async () => {})
    assert.isTrue((await health.report()).ok)
    isEnding = true
    assert.deepEqual(await health.report(), { ok: false, checks: {} })
  })
})
