import db from '@adonisjs/lucid/services/db'
import User from '#models/user'
import { uuidv7 } from '#providers/portable/index'

let crowds = 0

/** As many accounts, with profiles and without passwords. */
export async function crowd(size: number): Promise<User[]> {
  const prefix = `crowd${++crowds}x`
  const now = new Date().toISOString()
  const users = Array.from({ length: size }, (_, index) => {
    const [username, email] = [`${prefix}${index}`, `${prefix}${index}@example.org`]
    const names = { username, username_key: username, email, email_key: email }
    return { id: uuidv7(), ...names, password: 'none', role: 'member', created_at: now, updated_at: now }
  })
  const profiles = users.map(({ id }) => ({ id: uuidv7(), user_id: id, created_at: now, updated_at: now }))
  await db.table('users').multiInsert(users)
  await db.table('profiles').multiInsert(profiles)
  return User.query()
    .whereIn(
      'id',
      users.map(({ id }) => id)
    )
    .orderBy('id')
}

/** Who follows, asked or blocks whom, by names: what the tables say. */
export async function edges(table: 'follows' | 'follow_requests' | 'blocks' | 'mutes'): Promise<string[]> {
  const [from, to] = {
    follows: ['follower_id', 'followed_id'],
    follow_requests: ['follower_id', 'followed_id'],
    blocks: ['blocker_id', 'blocked_id'],
    mutes: ['muter_id', 'muted_id'],
  }[table]
  const rows = await db
    .from(`${table} as edge`)
    .join('users as one', 'one.id', `edge.${from}`)
    .join('users as other', 'other.id', `edge.${to}`)
    .select('one.username as one', 'other.username as other')
  return rows.map(({ one, other }) => `${one} → ${other}`).sort()
}

/** The accounts whose counters are not what the tables say. */
export async function miscounted(): Promise<unknown[]> {
  const count = (column: string) => `(select count(*) from follows where ${column} = users.id)`
  return db
    .from('users')
    .whereRaw(`followers_count <> ${count('followed_id')} or following_count <> ${count('follower_id')}`)
    .select('username', 'followers_count', 'following_count')
}
