import app from '@adonisjs/core/services/app'
import router from '@adonisjs/core/services/router'
import { uuidv7 } from '#providers/portable/index'
import { keyOf } from '#models/stored_file'
import { type Kind, newFolder, newMark, type Thing, type World } from '#tests/functional/visibility/world'

/** Says how to fill an address; what a new route lacks here fails the matrix, and its message says what to add. */
const HERE = 'tests/functional/visibility/routes.ts'

/** What the parameter after a segment names. */
const NAMED: Record<string, Kind> = {
  users: 'account',
  followers: 'account',
  posts: 'post',
  media: 'medium',
  files: 'file',
  comments: 'comment',
  hashtags: 'hashtag',
  sessions: 'session',
  'follow-requests': 'followRequest',
}

/** Routes whose answers come from no rows. */
const WITHOUT_ROWS = new Set(['/docs', '/docs/:file', '/health/live', '/health/ready', '/openapi.json'])

/** What to ask for, where a query takes any text. */
const TEXTS: Record<string, (world: World) => string[]> = {
  q: ({ owner, posts }) => [owner.username, ...posts.slice(0, 2).map(({ tag }) => tag)],
}

/** Lists that nobody asks for by the name of whom they show: a mute keeps its account out of them. */
export const UNASKED = new Set(['/v1/feed', '/v1/explore', '/v1/suggestions', '/v1/notifications'])

/** Where one looks up whom one does not see any more. */
export const SHOWS_THE_BLOCKED = '/v1/blocks'

export interface Route {
  pattern: string
  /** The kind of what its parameter names. */
  names: Kind | null
  /** What it does with a token: looks at none, takes one, or needs one. */
  access: 'anyone' | 'viewer' | 'auth'
  isPaged: boolean
  /** The queries to try, each beside the bare address. */
  queries: (world: World) => string[]
}

/** Every route that reads rows. */
export async function readRoutes(routes = router.toJSON().root): Promise<Route[]> {
  const { paths }: any = await (await app.container.make('openApi')).document()
  return routes
    .filter(({ pattern, methods }) => methods.includes('GET') && !WITHOUT_ROWS.has(pattern))
    .map(({ pattern, middleware }) => {
      const path = pattern.replace(/:(\w+)/g, '{$1}').replace('*', '{path}')
      const parameters = (paths[path]?.get.parameters ?? []).filter((each: { in: string }) => each.in === 'query')
      return {
        pattern,
        names: kindIn(pattern),
        access: accessOf(middleware.all()),
        isPaged: parameters.some(({ name }: { name: string }) => name === 'cursor'),
        queries: queriesOf(pattern, parameters),
      }
    })
}

/** The addresses of a route: for each thing of the kind that it names, and for one thing of each other kind. */
export function addressesOf({ pattern, names }: Route, world: World): { path: string; named: Thing | null }[] {
  if (!names) return [{ path: pattern, named: null }]
  const known = world.things.filter(({ kind, of }) => kind === names && world.principals.includes(of))
  return known.map((named) => ({ path: filled(pattern, named.name), named }))
}

/** The same addresses with what stands for something of another kind. */
export function mistakenAddressesOf({ pattern, names }: Route, world: World): string[] {
  if (!names || BY_WORD.has(names)) return []
  const others = Map.groupBy(world.things, ({ kind }) => kind)
  const ids = [...others].filter(([kind]) => kind !== names).map(([, [{ marks }]]) => marks[0])
  return ids.filter((id) => id?.includes('-')).map((id) => filled(pattern, id))
}

/** The address of what never was. */
export function addressOfNobody({ pattern, names }: Route): string {
  return filled(pattern, names === 'file' ? keyOf(newFolder(), 'square-0123456789abcdef.webp') : nobody(names!))
}

const BY_WORD = new Set<Kind>(['account', 'hashtag', 'file'])

function nobody(kind: Kind): string {
  return BY_WORD.has(kind) ? newMark() : uuidv7()
}

function filled(pattern: string, name: string): string {
  return pattern.replace(/:\w+|\*/, name)
}

function kindIn(pattern: string): Kind | null {
  const parameters = [...pattern.matchAll(/([^/]*)\/(:\w+|\*)/g)]
  if (parameters.length === 0) return null
  if (parameters.length > 1) throw new RangeError(`GET ${pattern} has several parameters: teach ${HERE} to fill them.`)
  const [[, segment, parameter]] = parameters
  if (segment in NAMED) return NAMED[segment]
  throw new RangeError(`GET ${pattern}: add to NAMED in ${HERE} what "${parameter}" after "${segment}" names.`)
}

function accessOf(middleware: Iterable<unknown>): Route['access'] {
  const names = new Set([...middleware].map(({ name }: any) => name))
  return (['auth', 'viewer', 'anyone'] as const).find((each) => names.has(each))!
}

function queriesOf(pattern: string, parameters: { name: string; schema: any }[]): Route['queries'] {
  const queries = parameters.map(({ name, schema }): Route['queries'] => {
    if (name === 'limit') return () => []
    if (name === 'cursor') return ({ subject }) => [`cursor=${subject.id}`]
    if (schema.type === 'boolean' || schema.enum?.includes(true)) return () => [`${name}=true`]
    if (schema.enum) return () => schema.enum.filter(Boolean).map((value: string) => `${name}=${value}`)
    if (name in TEXTS) return (world) => TEXTS[name](world).map((text) => `${name}=${encodeURIComponent(text)}`)
    throw new RangeError(`GET ${pattern}: add to TEXTS in ${HERE} what to send as "${name}".`)
  })
  return (world) => queries.flatMap((each) => each(world))
}
