import { Club, Comment, Post, Tag, User } from './models.js'

interface Pair {
  parent: string
  child: string
}

/** Of each relation, the living children by hand: what is between them and the parent is living, too. */
export const RELATIONS: Record<string, { model: any; pairs: string }> = {
  'User.profile': {
    model: User,
    pairs: 'select user_id as parent, id as child from sd_profiles where deleted_at is null',
  },
  'User.posts': { model: User, pairs: 'select user_id as parent, id as child from sd_posts where deleted_at is null' },
  'User.comments': {
    model: User,
    pairs: 'select user_id as parent, id as child from sd_comments where deleted_at is null',
  },
  'User.commentsOnPosts': {
    model: User,
    pairs: `select p.user_id as parent, c.id as child from sd_comments c join sd_posts p on p.id = c.post_id
      where c.deleted_at is null and p.deleted_at is null`,
  },
  'User.club': { model: User, pairs: 'select id as parent, club_id as child from sd_users' },
  'Club.users': { model: Club, pairs: 'select club_id as parent, id as child from sd_users where deleted_at is null' },
  'Club.posts': {
    model: Club,
    pairs: `select u.club_id as parent, p.id as child from sd_posts p join sd_users u on u.id = p.user_id
      where p.deleted_at is null and u.deleted_at is null`,
  },
  'Post.user': {
    model: Post,
    pairs: `select p.id as parent, u.id as child from sd_posts p join sd_users u on u.id = p.user_id where u.deleted_at is null`,
  },
  'Post.comments': {
    model: Post,
    pairs: 'select post_id as parent, id as child from sd_comments where deleted_at is null',
  },
  'Post.tags': {
    model: Post,
    pairs: `select l.post_id as parent, t.id as child from sd_tags t join sd_post_tags l on l.tag_id = t.id where t.deleted_at is null`,
  },
  'Tag.posts': {
    model: Tag,
    pairs: `select l.tag_id as parent, p.id as child from sd_posts p join sd_post_tags l on l.post_id = p.id where p.deleted_at is null`,
  },
  'Comment.replies': {
    model: Comment,
    pairs:
      'select parent_id as parent, id as child from sd_comments where parent_id is not null and deleted_at is null',
  },
  'Comment.parent': {
    model: Comment,
    pairs: `select c.id as parent, p.id as child from sd_comments c join sd_comments p on p.id = c.parent_id where p.deleted_at is null`,
  },
}

type Way = (
  model: any,
  name: string,
  parents: string[],
  pairs: Pair[]
) => Promise<{ actual: string[]; expected: string[] }>

const told = (pairs: Pair[]) => pairs.map(({ parent, child }) => `${parent} ${child}`)

const childrenOf = (parent: any, name: string) =>
  [parent[name] ?? []].flat().map((child: any) => ({ parent: parent.id, child: child.id }))

/** How many children each parent has, without those that have none. */
function counted(counts: [string, unknown][]) {
  return counts.filter(([, count]) => Number(count) > 0).map(([parent, count]) => `${parent} ${Number(count)}`)
}

function countsOf(pairs: Pair[]) {
  const counts = new Map<string, number>()
  for (const { parent } of pairs) counts.set(parent, (counts.get(parent) ?? 0) + 1)
  return counted([...counts])
}

const parentsOf = (pairs: Pair[]) => [...new Set(pairs.map(({ parent }) => parent))]
const idsOf = (rows: any[]) => rows.map((row) => row.id as string)
const others = (parents: string[], pairs: Pair[]) => {
  const having = new Set(parentsOf(pairs))
  return parents.filter((parent) => !having.has(parent))
}

/** Reads all children of each parent by a query of the relation. */
const byQuery =
  (read: (query: any) => PromiseLike<any[]>): Way =>
  async (model, name, _, pairs) => {
    const actual: Pair[] = []
    for (const parent of await model.all()) {
      if (parent.parentId === null && name === 'parent') continue
      for (const child of await read(parent.related(name).query())) actual.push({ parent: parent.id, child: child.id })
    }
    return { actual: told(actual), expected: told(pairs) }
  }

const byPreload =
  (prepare: (query: any, name: string) => any): Way =>
  async (model, name, _, pairs) => {
    const parents: any[] = await prepare(model.query(), name)
    return { actual: told(parents.flatMap((parent) => childrenOf(parent, name))), expected: told(pairs) }
  }

const byHaving =
  (find: (query: any, name: string) => PromiseLike<any[]>): Way =>
  async (model, name, _, pairs) => ({ actual: idsOf(await find(model.query(), name)), expected: parentsOf(pairs) })

const byLacking =
  (find: (query: any, name: string) => PromiseLike<any[]>): Way =>
  async (model, name, parents, pairs) => ({
    actual: idsOf(await find(model.query(), name)),
    expected: others(parents, pairs),
  })

const ANY = (query: any) => void query.whereRaw('1 = 1').orWhereRaw('1 = 1')

/** The ways from a parent to its children, each with what an oracle expects of it. */
export const WAYS: Record<string, Way> = {
  preload: byPreload((query, name) => query.preload(name)),
  preloadOnce: byPreload((query, name) => query.preloadOnce(name)),
  'preload with or': async (model, name, parents, pairs) => {
    // Lucid does not bracket the conditions of a query through a third table.
    if (model.$getRelation(name).type === 'hasManyThrough') return { actual: [], expected: [] }
    return byPreload((query) => query.preload(name, ANY))(model, name, parents, pairs)
  },
  'preload of a clone': byPreload((query, name) => query.whereNotNull('name').clone().preload(name)),
  groupLimit: async (model, name, parents, pairs) => {
    if (['hasOne', 'belongsTo'].includes(model.$getRelation(name).type)) return { actual: [], expected: [] }
    return byPreload((query) => query.preload(name, (children: any) => void children.groupLimit(99)))(
      model,
      name,
      parents,
      pairs
    )
  },
  'groupLimit of one': async (model, name, _, pairs) => {
    if (['hasOne', 'belongsTo'].includes(model.$getRelation(name).type)) return { actual: [], expected: [] }
    const parents = await model.query().preload(name, (children: any) => void children.groupLimit(1))
    const shown = parents.flatMap((parent: any) => childrenOf(parent, name))
    const isLinked = new Set(told(pairs))
    return {
      actual: told(shown).map((each) => (isLinked.has(each) ? each.split(' ')[0] : `${each} leaked`)),
      expected: parentsOf(pairs),
    }
  },
  load: async (model, name, _, pairs) => {
    const parents = await model.all()
    for (const parent of parents) await parent.load(name)
    return { actual: told(parents.flatMap((parent: any) => childrenOf(parent, name))), expected: told(pairs) }
  },
  loadCount: async (model, name, _, pairs) => {
    const parents = await model.all()
    for (const parent of parents) await parent.loadCount(name)
    return {
      actual: counted(parents.map((parent: any) => [parent.id, parent.$extras[`${name}_count`]])),
      expected: countsOf(pairs),
    }
  },
  loadAggregate: async (model, name, _, pairs) => {
    const parents = await model.all()
    for (const parent of parents) await parent.loadAggregate(name, (query: any) => void query.count('*').as('n'))
    return { actual: counted(parents.map((parent: any) => [parent.id, parent.$extras.n])), expected: countsOf(pairs) }
  },
  withCount: async (model, name, _, pairs) => {
    const parents = await model.query().withCount(name)
    return {
      actual: counted(parents.map((parent: any) => [parent.id, parent.$extras[`${name}_count`]])),
      expected: countsOf(pairs),
    }
  },
  'withAggregate and or': async (model, name, _, pairs) => {
    const aggregate = (query: any) => {
      ANY(query)
      query.count('*').as('n')
    }
    if (model.$getRelation(name).type === 'hasManyThrough') return { actual: [], expected: [] }
    const parents = await model.query().withAggregate(name, aggregate)
    return { actual: counted(parents.map((parent: any) => [parent.id, parent.$extras.n])), expected: countsOf(pairs) }
  },
  'related query': byQuery((query) => query),
  'related query, cloned': byQuery((query) => query.clone()),
  'related query as plain rows': byQuery((query) => query.pojo()),
  'related query, after toQuery': byQuery((query) => {
    query.toQuery()
    return query
  }),
  'related count': async (model, name, _, pairs) => {
    const counts: [string, unknown][] = []
    for (const parent of await model.all()) {
      if (parent.parentId === null && name === 'parent') continue
      const [row] = await parent.related(name).query().clearSelect().count('* as n').pojo()
      counts.push([parent.id, row.n])
    }
    return { actual: counted(counts), expected: countsOf(pairs) }
  },
  'related pages': async (model, name, _, pairs) => {
    if (['hasOne', 'belongsTo'].includes(model.$getRelation(name).type)) return { actual: [], expected: [] }
    const counts: [string, unknown][] = []
    for (const parent of await model.all()) {
      const page = await parent.related(name).query().paginate(1, 1)
      counts.push([parent.id, page.total])
    }
    return { actual: counted(counts), expected: countsOf(pairs) }
  },
  has: byHaving((query, name) => query.has(name)),
  andHas: byHaving((query, name) => query.andHas(name)),
  orHas: byHaving((query, name) => query.where('name', 'nobody').orHas(name)),
  'has with a number': byHaving((query, name) => query.has(name, '>=', 1)),
  whereHas: byHaving((query, name) => query.whereHas(name, (children: any) => void children.whereRaw('1 = 1'))),
  andWhereHas: byHaving((query, name) => query.andWhereHas(name, () => undefined)),
  orWhereHas: byHaving((query, name) => query.where('name', 'nobody').orWhereHas(name, () => undefined)),
  doesntHave: byLacking((query, name) => query.doesntHave(name)),
  andDoesntHave: byLacking((query, name) => query.andDoesntHave(name)),
  orDoesntHave: byLacking((query, name) => query.where('name', 'nobody').orDoesntHave(name)),
  whereDoesntHave: byLacking((query, name) => query.whereDoesntHave(name, () => undefined)),
  andWhereDoesntHave: byLacking((query, name) => query.andWhereDoesntHave(name, () => undefined)),
  orWhereDoesntHave: byLacking((query, name) => query.where('name', 'nobody').orWhereDoesntHave(name, () => undefined)),
}
