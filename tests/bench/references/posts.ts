/*
 * What one writes by hand to read a post and a grid with node:http and a driver and nothing else: one named statement
 * checks the token, another reads, and the answer is the application's, byte for byte.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import pg from 'pg'
import { openSqlite } from '../database.js'

type Run = (name: string, text: string, values: unknown[]) => Promise<any[]>

const { APP_URL, DB_CONNECTION, HOST, PORT, PG_HOST, PG_PORT, PG_USER, PG_PASSWORD, PG_DB_NAME } = process.env
const TOKEN = /^Bearer calotype_([0-9a-f]{32})_([\w-]{43})$/
const POST = /^\/v1\/posts\/([0-9a-f-]{36})$/
const GRID = /^\/v1\/users\/([^/]+)\/posts\?limit=(\d{1,2})(?:&cursor=([0-9a-f-]{36}))?$/
const FEED = /^\/v1\/feed\?limit=(\d{1,2})$/
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

const SESSION = 'select hash, expires_at, user_id from auth_access_tokens where id = $1'

const ALBUMS = `
  select p.id, p.caption, p.visibility, p.archived_at, p.pinned_at, p.created_at, p.updated_at, p.comments_locked_at,
         p.likes_count, p.comments_count,
         p.user_id, u.username, r.name, a.folder as avatar_folder, a.variants as avatar_variants,
         m.id as media_id, m.folder, m.variants, m.width, m.height, m.blurhash, m.dominant_color, m.alt_text, m.focal_x, m.focal_y,
         (select 1 from post_likes where post_id = p.id and user_id = $1) as likes,
         (select 1 from bookmarks where post_id = p.id and user_id = $1) as bookmarks
  from posts p
  join users u on u.id = p.user_id
  join profiles r on r.user_id = p.user_id
  left join media a on a.id = r.avatar_id and a.deleted_at is null
  join media m on m.post_id = p.id and m.deleted_at is null`

const VISIBLE = `
  deleted_at is null and exists (
    select 1 from users owner
    where owner.id = user_id and owner.deleted_at is null and owner.suspended_at is null
      and not exists (select 1 from blocks where blocker_id = owner.id and blocked_id = $1)
      and not exists (select 1 from blocks where blocker_id = $1 and blocked_id = owner.id)
      and (owner.id = $1 or (archived_at is null and (
        (visibility = 'public' and owner.private_since is null)
        or exists (select 1 from follows where follower_id = $1 and followed_id = owner.id)))))`

const ONE = `${ALBUMS} where p.id = (select id from posts where id = $2 and ${VISIBLE}) order by m.position`

const MANY = `${ALBUMS}
  where p.id in (
    select id from posts
    where $2 = 1 and user_id = (select id from users where username_key = $3 and deleted_at is null)
      and pinned_at is not null and archived_at is null and ${VISIBLE}
    union all
    select id from (
      select id from posts
      where user_id = (select id from users where username_key = $3 and deleted_at is null)
        and pinned_at is null and archived_at is null and id < $4 and ${VISIBLE}
      order by id desc limit $5) as page)
  order by case when p.pinned_at is null then 1 else 0 end, p.pinned_at desc, p.id desc, m.position`

const FOLLOWED = `${ALBUMS}
  where p.id in (
    select id from (
      select id from (
        select id, user_id from posts where deleted_at is null and archived_at is null order by id desc limit 3000) as newest
      where (user_id = $1 or (select true from follows where follower_id = $1 and followed_id = user_id))
        and not exists (select 1 from mutes where muter_id = $1 and muted_id = user_id)
      order by id desc limit $2) as page)
  order by p.id desc, m.position`

const run: Run = DB_CONNECTION === 'sqlite' ? sqlite() : postgres()

function postgres(): Run {
  const server = { host: PG_HOST, port: Number(PG_PORT ?? 5432), user: PG_USER, password: PG_PASSWORD }
  const options = '-c plan_cache_mode=force_generic_plan'
  const pool = new pg.Pool({ ...server, options, database: PG_DB_NAME, max: 20, idleTimeoutMillis: 30_000 })
  return async (name, text, values) => (await pool.query({ name, text, values })).rows
}

function sqlite(): Run {
  const connection = openSqlite(process.env.SQLITE_PATH!)
  const compiled = new Map<string, any>()
  return async (name, text, values) => {
    if (!compiled.has(name)) compiled.set(name, connection.prepare(text.replace(/\$(\d)/g, '?$1')))
    return compiled.get(name).all(Object.fromEntries(values.map((value, index) => [index + 1, value])))
  }
}

const SQUARE = ({ name }: { name: string }) => name === 'square'

async function viewerOf(authorization = ''): Promise<string | null> {
  const [, id, secret] = TOKEN.exec(authorization) ?? []
  if (!id) return null
  const uuid = `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`
  const [session] = await run('session', SESSION, [uuid])
  const hash = createHash('sha256').update(secret).digest('hex')
  if (!session || !timingSafeEqual(Buffer.from(session.hash), Buffer.from(hash))) return null
  return new Date(session.expires_at).getTime() > Date.now() ? session.user_id : null
}

function albumsOf(rows: any[], viewer: string) {
  const albums: any[] = []
  for (const row of rows) {
    if (albums.at(-1)?.id !== row.id) albums.push(albumOf(row, viewer))
    const album = albums.at(-1)
    album.media.push(mediumOf(row))
    album.counts.media++
  }
  return albums
}

function albumOf(row: any, viewer: string) {
  const avatar = row.avatar_folder && filesOf(row.avatar_folder, row.avatar_variants, SQUARE)
  return {
    id: row.id,
    author: { id: row.user_id, username: row.username, name: row.name, avatar },
    caption: row.caption,
    visibility: row.visibility,
    media: [],
    counts: { media: 0, likes: row.likes_count, comments: row.comments_count },
    viewer: { isAuthor: row.user_id === viewer, likes: row.likes !== null, bookmarks: row.bookmarks !== null },
    archivedAt: row.archived_at,
    pinnedAt: row.pinned_at,
    commentsLockedAt: row.comments_locked_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function mediumOf(row: any) {
  return {
    id: row.media_id,
    width: row.width,
    height: row.height,
    blurhash: row.blurhash,
    dominantColor: row.dominant_color,
    altText: row.alt_text,
    focalPoint: { x: row.focal_x, y: row.focal_y },
    variants: filesOf(row.folder, row.variants),
  }
}

function filesOf(folder: string, variants: string, isShown = (_: { name: string }) => true) {
  const base = `${APP_URL}/files/media/${folder.slice(0, 2)}/${folder}/`
  const files = JSON.parse(variants).filter(isShown)
  return files.map(({ name, format, width, height, file }: any) => ({ name, format, width, height, url: base + file }))
}

async function post(id: string, viewer: string, response: ServerResponse) {
  const [data] = albumsOf(await run('post', ONE, [viewer, id]), viewer)
  if (data) send(response, { data })
  else response.writeHead(404).end()
}

async function grid(name: string, limit: number, cursor: string | undefined, viewer: string, response: ServerResponse) {
  const values = [viewer, cursor ? 0 : 1, decodeURIComponent(name).toLowerCase(), cursor ?? LAST, limit + 1]
  const data = albumsOf(await run('grid', MANY, values), viewer)
  const inOrder = data.filter(({ pinnedAt }) => pinnedAt === null)
  const nextCursor = inOrder.length > limit ? inOrder[limit - 1].id : null
  if (nextCursor) {
    data.pop()
    const next = `${APP_URL}/v1/users/${name}/posts?limit=${limit}&cursor=${nextCursor}`
    response.setHeader('Link', `<${next}>; rel="next"`)
  }
  send(response, { data, meta: { nextCursor } })
}

async function feed(limit: number, viewer: string, response: ServerResponse) {
  const data = albumsOf(await run('feed', FOLLOWED, [viewer, limit + 1]), viewer)
  data.length = Math.min(data.length, limit)
  const nextCursor = data.at(-1)!.id
  response.setHeader('Link', `<${APP_URL}/v1/feed?limit=${limit}&cursor=${nextCursor}>; rel="next"`)
  send(response, { data, meta: { nextCursor } })
}

function send(response: ServerResponse, body: object) {
  const text = JSON.stringify(body)
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(text) }
  response.writeHead(200, headers).end(text)
}

async function answer({ url = '', headers }: IncomingMessage, response: ServerResponse) {
  const isNothing = url === '/v1/nothing'
  const [onePost, oneGrid, oneFeed] = [POST.exec(url), GRID.exec(url), FEED.exec(url)]
  if (!isNothing && !onePost && !oneGrid && !oneFeed) return void response.writeHead(404).end()
  const viewer = await viewerOf(headers.authorization)
  if (!viewer) return void response.writeHead(401).end()
  if (isNothing) send(response, { status: 'ok' })
  else if (oneFeed) await feed(Number(oneFeed[1]), viewer, response)
  else if (onePost) await post(onePost[1], viewer, response)
  else await grid(oneGrid![1], Number(oneGrid![2]), oneGrid![3], viewer, response)
}

createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error)
    response.writeHead(500).end()
  })
}).listen(Number(PORT), HOST)
