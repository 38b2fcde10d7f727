/*
 * What one writes by hand with a driver and nothing else, on copies of the tables that have no triggers: a like, its counter
 * and its row of the log are three statements in a transaction. Prints what it measured, as JSON.
 */
import pg from 'pg'
import { order, pairOf, saturate } from '../at_once.js'
import { openSqlite } from '../database.js'

type Run = (text: string, values?: unknown[]) => Promise<any[]>

const LIKE = 'insert into reference_post_likes (id, post_id, user_id, created_at) values ($1, $2, $3, $4)'
const COUNT = 'update reference_posts set likes_count = likes_count + 1 where id = $1'
const LOG = `insert into reference_changes (table_name, key, operation, after, created_at) values ('post_likes', $1, 'created', $2, $3)`
const UPDATE = 'update reference_posts set caption = $1'

const { DB_CONNECTION, PG_HOST, PG_PORT, PG_USER, PG_PASSWORD, PG_DB_NAME, SQLITE_PATH } = process.env
const { run, transact, end } = DB_CONNECTION === 'sqlite' ? sqlite() : postgres()
const { work, from, seconds } = order()
console.log(JSON.stringify(work === 'likes' ? await like() : await updateAll()))
await end()

async function like() {
  const posts: string[] = (await run('select id from reference_posts order by id')).map(({ id }) => id)
  const users: string[] = (await run('select id from users order by id')).map(({ id }) => id)
  return saturate(seconds, from, (number) => {
    const [post, user] = pairOf(number, posts, users)
    const [id, now] = [`00000000-0000-7000-8000-${String(number).padStart(12, '0')}`, new Date()]
    return transact(async (query) => {
      await query(LIKE, [id, post, user, now.toISOString()])
      await query(COUNT, [post])
      await query(LOG, [id, JSON.stringify({ post_id: post, user_id: user }), now.getTime()])
    })
  })
}

async function updateAll() {
  const took: number[] = []
  for (let round = 0; round < 3; round++) {
    const began = performance.now()
    await run(UPDATE, [`Caption ${from}.${round}`])
    took.push(performance.now() - began)
  }
  return { ms: took.toSorted((one, other) => one - other)[1] }
}

function postgres() {
  const server = { host: PG_HOST, port: Number(PG_PORT ?? 5432), user: PG_USER, password: PG_PASSWORD }
  const pool = new pg.Pool({ ...server, database: PG_DB_NAME, max: 16 })
  const run: Run = async (text, values) => (await pool.query(text, values)).rows
  const transact = async (work: (run: Run) => Promise<void>) => {
    const client = await pool.connect()
    await client.query('begin')
    await work(async (text, values) => (await client.query(text, values)).rows)
    await client.query('commit')
    client.release()
  }
  return { run, transact, end: () => pool.end() }
}

/** One connection, as the application has: whoever writes waits for who does. */
function sqlite() {
  const connection = openSqlite(SQLITE_PATH!)
  for (const pragma of ['journal_mode = WAL', 'synchronous = NORMAL', 'foreign_keys = ON']) connection.pragma(pragma)
  const compiled = new Map<string, any>()
  const run: Run = async (text, values = []) => {
    if (!compiled.has(text)) compiled.set(text, connection.prepare(text.replace(/\$(\d)/g, '?$1')))
    const statement = compiled.get(text)
    const bindings = Object.fromEntries(values.map((value, index) => [index + 1, value]))
    return statement.reader ? statement.all(bindings) : [statement.run(bindings)]
  }
  let last: Promise<void> = Promise.resolve()
  const transact = (work: (run: Run) => Promise<void>) => {
    last = last.then(async () => {
      connection.exec('begin immediate')
      await work(run)
      connection.exec('commit')
    })
    return last
  }
  return { run, transact, end: async () => connection.close() }
}
