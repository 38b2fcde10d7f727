import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import app from '@adonisjs/core/services/app'
import { test } from '@japa/runner'
import { eventually } from '#tests/helpers'
import { type Place, Stage } from './stage.js'

const KILLS = Number(process.env.CHANGE_LOG_KILLS ?? 6)
const POINTS = ['commit', 'delivery', 'acknowledgement']
const KEYS = ['one', 'two', 'three', 'broken', 'mine']

export function killsSuite(place: Place) {
  test.group(`The change log and kill -9: ${place.name}`, (group) => {
    const stage = new Stage(group, place)

    test(`${KILLS} kills at three points, two relays, one key failing: nothing is lost`, async ({
      assert,
      cleanup,
    }) => {
      await stage.changeLog.stop()
      await keepEverything()
      const relays = new Relays(place)
      cleanup(() => relays.end())
      await relays.launch()
      await relays.launch()

      const foreign = stage.isPostgres ? await stage.foreign.transaction() : null
      await foreign?.rawQuery(`insert into notes (id, title) values ('foreign', 'open all the time')`)
      for (const key of KEYS) await stage.raw(`insert into notes (id, title) values ('${key}', '0')`)
      const writing = new AbortController()
      const writer = write(writing.signal)
      let slowest = 0
      for (let round = 0; round < KILLS; round++) {
        const { killed, next } = await relays.kill(POINTS[round % POINTS.length])
        slowest = Math.max(slowest, next - killed)
        await relays.launch()
      }
      writing.abort()
      await writer
      await foreign?.commit()

      const all = await stage.raw('select id, key from every_change order by id')
      const delivered = (name: string) => relays.first.get(name)!.size
      await eventually(
        () => delivered('first') === all.length && delivered('second') === all.length,
        `${all.length} changes at both subscribers`
      )
      for (const name of ['first', 'second']) {
        const revisions = [...relays.first.get(name)!]
        for (const key of [...KEYS, 'foreign']) {
          const ofKey = revisions.filter(([, each]) => each === key).map(([revision]) => revision)
          assert.deepEqual(
            ofKey,
            ofKey.toSorted((a, b) => a - b),
            `${name} has those of ${key} in order`
          )
        }
      }
      const broken = all.filter(({ key }) => key === 'broken').length
      await eventually(async () => {
        const [{ count }] = await stage.raw(`select count(*) as count from change_failures where subscriber = 'broken'`)
        return Number(count) === broken
      }, `${broken} failures of the key that fails, each kept once`)
      console.log(
        `      ${all.length} changes, ${relays.deliveries - 2 * all.length} delivered again, slowest takeover ${slowest} ms`
      )
    }).timeout(1_200_000)

    /** A record of our own of what came into the log. */
    async function keepEverything() {
      await stage.raw('create table every_change (id bigint, key text)')
      const insert = 'insert into every_change values (new.id, new.key);'
      if (!stage.isPostgres) {
        return void (await stage.raw(`create trigger keep_every after insert on changes begin ${insert} end`))
      }
      await stage.raw(
        `create function keep_every() returns trigger language plpgsql as 'begin ${insert} return null; end'`
      )
      await stage.raw('create trigger keep_every after insert on changes for each row execute function keep_every()')
    }

    async function write(signal: AbortSignal) {
      for (let n = 1; !signal.aborted; n++) {
        await stage.raw(`update notes set title = '${n}' where id = '${KEYS[n % (KEYS.length - 1)]}'`)
        await sleep(5)
      }
    }
  })
}

/** Processes that relay, of which one leads. */
class Relays {
  /** By subscriber, the revisions in the order of their first delivery, each with its key. */
  first = new Map<string, Map<number, string>>([
    ['first', new Map()],
    ['second', new Map()],
  ])
  deliveries = 0
  #children = new Set<ChildProcess>()
  #leader: ChildProcess | null = null

  constructor(private place: Place) {}

  /** Returns when the process leads or stands by. */
  async launch() {
    const child = spawn(
      process.execPath,
      ['--import=@poppinss/ts-exec', 'tests/suites/change_log/relaying_process.ts', JSON.stringify(this.place.child())],
      { cwd: app.makePath(), stdio: ['pipe', 'pipe', 'inherit'] }
    )
    this.#children.add(child)
    let isReady = false
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line === 'ready') return void (isReady = true)
      if (line === 'lead') return void (this.#leader = child)
      const [name, key, revision] = line.split(' ')
      this.deliveries++
      const known = this.first.get(name)!
      if (!known.has(Number(revision))) known.set(Number(revision), key)
    })
    await eventually(() => isReady && this.#leader !== null, 'a relay is ready')
  }

  /** @returns when the leader died, and when another one delivered something. */
  async kill(point: string) {
    const victim = this.#leader!
    this.#leader = null
    const ended = new Promise((resolve) => victim.once('exit', resolve))
    victim.stdin!.write(`${point}\n`)
    await ended
    this.#children.delete(victim)
    const killed = Date.now()
    const before = this.deliveries
    await eventually(() => this.#leader !== null && this.deliveries > before, 'another took over')
    return { killed, next: Date.now() }
  }

  end() {
    for (const child of this.#children) child.kill('SIGKILL')
  }
}
