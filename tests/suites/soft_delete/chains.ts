/** A query of posts, by the model or by hand, and how the other tables are named in it. */
export type Chain = (query: any, table: (name: string) => any) => any

const CONDITIONS: Record<string, unknown[] | Chain> = {
  '': ['score', '>', 9],
  Not: ['score', '>', 9],
  Column: ['sd_posts.id', '>', 'sd_posts.user_id'],
  NotColumn: ['sd_posts.id', '>', 'sd_posts.user_id'],
  In: ['score', [1, 2, 3, 4, 5, 6, 7]],
  NotIn: ['score', [1, 2, 3, 4, 5, 6, 7]],
  Null: ['score'],
  NotNull: ['score'],
  Between: ['score', [3, 12]],
  NotBetween: ['score', [3, 12]],
  Raw: ['score % 2 = ?', [0]],
  Like: ['name', 'n1%'],
  ILike: ['name', 'N1%'],
}

const JOIN = ['sd_users.id', 'sd_posts.user_id']
const exists: Chain = (query, table) =>
  query.from(table('sd_comments')).whereColumn('sd_comments.post_id', 'sd_posts.id')

/** Calls each condition between two others, one of them with "or". */
function conditions(): Record<string, Chain> {
  const chains: Record<string, Chain> = {}
  for (const prefix of ['where', 'orWhere', 'andWhere']) {
    for (const [suffix, values] of Object.entries(CONDITIONS)) {
      chains[prefix + suffix] = (query) =>
        query
          .where('name', 'n1')
          [prefix + suffix](...(values as unknown[]))
          .orWhere('score', 2)
    }
    for (const suffix of ['Exists', 'NotExists']) {
      chains[prefix + suffix] = (query, table) =>
        query
          .where('name', 'n1')
          [prefix + suffix]((sub: any) => exists(sub, table))
          .orWhere('score', 2)
    }
  }
  return chains
}

function groups(): Record<string, Chain> {
  const values: Record<string, unknown[]> = {
    '': ['n', '>', 1],
    In: ['n', [1, 2]],
    NotIn: ['n', [1, 2]],
    Null: ['n'],
    NotNull: ['n'],
    Between: ['n', [1, 2]],
    NotBetween: ['n', [1, 2]],
    Raw: ['count(*) > ?', [1]],
    Exists: [(sub: any) => sub.from('sd_clubs')],
    NotExists: [(sub: any) => sub.from('sd_clubs')],
  }
  const chains: Record<string, Chain> = {}
  for (const prefix of ['having', 'orHaving', 'andHaving']) {
    for (const [suffix, [column, ...rest]] of Object.entries(values)) {
      chains[prefix + suffix] = (query) => {
        const aggregate = column === 'n' ? query.client.raw('count(*)') : column
        const grouped = query.select('user_id').count('* as n').groupBy('user_id').havingRaw('count(*) > ?', [2])
        return grouped[prefix + suffix](aggregate, ...rest)
      }
    }
  }
  return chains
}

function joins(): Record<string, Chain> {
  const chains: Record<string, Chain> = {
    crossJoin: (query, table) => query.crossJoin(table('sd_tags')).select('sd_posts.id as post', 'sd_tags.id as tag'),
    joinRaw: (query) =>
      query.joinRaw('join sd_clubs on sd_clubs.id is not null').select('sd_posts.id as post', 'sd_clubs.id as club'),
  }
  for (const method of ['join', 'innerJoin', 'leftJoin', 'leftOuterJoin']) {
    chains[method] = (query, table) =>
      query[method](table('sd_users'), (on: any) => on.on(...JOIN).orOn('sd_users.name', 'sd_posts.name')).select(
        'sd_posts.id as post',
        'sd_users.id as user'
      )
  }
  return chains
}

const aggregates = Object.fromEntries(
  ['count', 'countDistinct', 'min', 'max', 'avg', 'avgDistinct', 'sum', 'sumDistinct'].map(
    (method): [string, Chain] => [method, (query) => query[method]('score as value').orWhere('score', '>', 0)]
  )
)

/** Of each method of the query builder that has a say in which rows come back, a query that would show a leak. */
export const CHAINS: Record<string, Chain> = {
  ...conditions(),
  ...groups(),
  ...joins(),
  ...aggregates,
  select: (query) => query.select('id', 'name'),
  from: (query) => query,
  wrapExisting: (query) => query.where('score', 1).orWhere('score', '>', 3).wrapExisting().orWhere('name', 'n2'),
  distinct: (query) => query.distinct('user_id'),
  groupBy: (query) => query.select('user_id').groupBy('user_id'),
  groupByRaw: (query) => query.select('user_id').groupByRaw('user_id'),
  orderBy: (query) => query.orderBy('score', 'desc').limit(4),
  orderByRaw: (query) => query.orderByRaw('score desc').limit(4),
  limit: (query) => query.orderBy('score').limit(5),
  offset: (query) => query.orderBy('score').limit(5).offset(3),
  forPage: (query) => query.orderBy('score').forPage(2, 5),
  clearSelect: (query) => query.select('nothing').clearSelect(),
  clearWhere: (query) => query.where('score', 1).clearWhere(),
  clearOrder: (query) => query.orderBy('nothing').clearOrder(),
  clearHaving: (query) => query.havingRaw('1 = 2').clearHaving(),
  clearLimit: (query) => query.limit(1).clearLimit(),
  clearOffset: (query) => query.limit(99).offset(9).clearOffset(),
  if: (query) => query.if(true, (each: any) => each.orWhere('score', '>', 1)),
  unless: (query) => query.unless(false, (each: any) => each.orWhere('score', '>', 1)),
  match: (query) => query.match([true, (each: any) => each.orWhere('score', '>', 1)]),
  ifDialect: (query) => query,
  unlessDialect: (query) => query,
  'nested where': (query) => query.where((a: any) => a.where('score', 1).orWhere((b: any) => b.where('score', '>', 5))),
  'where in a sub-query': (query, table) =>
    query.whereIn('user_id', (sub: any) => sub.from(table('sd_users')).select('id').orWhere('name', '<>', 'n1')),
  'where in a sub-query of its own table': (query, table) =>
    query.whereIn('id', (sub: any) => sub.from(table('sd_posts')).select('id').orWhere('score', '>', 2)),
  union: (query, table) =>
    query
      .select('id')
      .where('score', 1)
      .union((sub: any) => sub.from(table('sd_users')).select('id').orWhere('name', '<>', 'x')),
  unionAll: (query, table) =>
    query
      .select('id')
      .where('score', 1)
      .unionAll((sub: any) => sub.from(table('sd_comments')).select('id')),
  intersect: (query, table) =>
    query.select('user_id').intersect((sub: any) => sub.from(table('sd_users')).select('id')),
  with: (query, table) =>
    query
      .with('these', (sub: any) => sub.from(table('sd_posts')).select('id'))
      .whereRaw('sd_posts.id in (select id from these)'),
  withRecursive: (query, table) =>
    query
      .withRecursive('these', (sub: any) => sub.from(table('sd_posts')).select('id'))
      .whereRaw('sd_posts.id in (select id from these)'),
  clone: (query) => query.where('score', 2).orWhere('score', '>', 4).clone(),
  'clone of a clone': (query) => query.clone().orWhere('score', '>', 4).clone().orWhere('score', 1),
  'where after toQuery': (query) => {
    query.where('score', '>', 15).toQuery()
    return query.orWhere('score', '<', 4)
  },
  toKnex: (query) => query.whereIn('id', query.clone().clearWhere().select('id')),
}
