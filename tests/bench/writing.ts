/*
 * The application's own writes, in a process that relays the change log as a server does. The last line that it prints is
 * what it measured, as JSON.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { ignitor } from '../../bin/ignitor.js'
import { order, pairOf, saturate } from './at_once.js'

const app = ignitor().createApp('console')
await app.init()
await app.boot()
await app.start(() => {})

const { default: Post } = await import('#models/post')
const { default: User } = await import('#models/user')
const db = await app.container.make('lucid.db')
const changeLog = await app.container.make('changeLog')
await changeLog.check()
await changeLog.start()
while (!changeLog.leads) await sleep(10)

const { work, from, seconds } = order()
const figures = work === 'likes' ? await like() : await updateAll()
console.log(JSON.stringify(figures))
await app.terminate()

async function like() {
  const posts = await Post.query().orderBy('id')
  const users = await User.query().orderBy('id')
  const { throughput, next } = await saturate(seconds, from, (number) => {
    const [post, user] = pairOf(number, posts, users)
    return post.like(user)
  })
  return { throughput, next, delay: await drained(), bytes: await bytesOfChanges() }
}

async function updateAll() {
  const took: number[] = []
  for (let round = 0; round < 3; round++) {
    const began = performance.now()
    await Post.query().update({ caption: `Caption ${from}.${round}` })
    took.push(performance.now() - began)
    await drained()
  }
  return { ms: took.toSorted((one, other) => one - other)[1] }
}

/** How long it takes until what is in the log now was delivered, in milliseconds. */
async function drained(): Promise<number> {
  const began = performance.now()
  const [{ last }] = await rowsOf('select max(id) as last from changes')
  while (last !== null && (await db.from('changes').where('id', '<=', last).first())) await sleep(2)
  return performance.now() - began
}

async function bytesOfChanges(): Promise<number> {
  const isPostgres = db.connection().dialect.name === 'postgres'
  const size = isPostgres ? `select pg_table_size('changes') as bytes` : `select count(*) * 1000 as bytes from changes`
  const [{ bytes }] = await rowsOf(size)
  return Number(bytes)
}

async function rowsOf(sql: string): Promise<any[]> {
  const result = await db.rawQuery(sql)
  return result.rows ?? result
}
