import User from '#models/user'
import { seenBy, visibleUser } from '#models/visibility'
import { Statement } from '#providers/portable/index'

/** The friends whose friends are counted are the last ones, and so are the friends of each: following thousands makes nobody wait. */
const FRIENDS = 200
const FRIENDS_OF_EACH = 100

/** As many as are asked for at most: a number, of which PostgreSQL knows that it is small. */
const MOST = 100

const suggestible = (users: string) =>
  `(${visibleUser(users)} and ${users}.id <> :viewer
    and not exists (select 1 from follows where follower_id = :viewer and followed_id = ${users}.id)
    and not exists (select 1 from follow_requests where follower_id = :viewer and followed_id = ${users}.id)
    and not exists (select 1 from mutes where muter_id = :viewer and muted_id = ${users}.id
                    and (expires_at is null or expires_at > :now)))`

const suggested = new Statement<{ id: string }>('suggestions', {
  postgres: among(
    (follower) => `cross join lateral (
       select followed_id from follows where follower_id = ${follower} order by id desc limit ${FRIENDS_OF_EACH}) as f`
  ),
  sqlite: among(
    (follower) => `join follows f on f.id in (
       select id from follows where follower_id = ${follower} order by id desc limit ${FRIENDS_OF_EACH})`
  ),
})

export const Suggestions = {
  /** Those whom most of the followed ones follow, and then those whom most do. */
  async for(viewer: User, { limit }: { limit: number }): Promise<User[]> {
    const rows = await suggested.all({ ...seenBy(viewer), limit, now: new Date().toISOString() })
    const users = await User.visibleTo(viewer).whereIn(
      'id',
      rows.map(({ id }) => id)
    )
    const found = new Map(users.map((user) => [user.id, user]))
    return rows.flatMap(({ id }) => found.get(id) ?? [])
  },
}

/** @param lastFollowedBy joins the last follows `f` of an account. */
function among(lastFollowedBy: (follower: string) => string) {
  return `
    with friends as (
      select u.id from (select followed_id from follows where follower_id = :viewer order by id desc limit ${FRIENDS}) as f
      join users u on u.id = f.followed_id where ${visibleUser('u')}),
    common as (
      select f.followed_id as id, count(*) as friends from friends ${lastFollowedBy('friends.id')}
      group by f.followed_id order by friends desc, id limit ${FRIENDS * FRIENDS_OF_EACH}),
    known as (
      select id, friends from common
      where exists (select 1 from users u where u.id = common.id and ${suggestible('u')})
      order by friends desc, id limit :limit),
    famous as (
      select * from (
        select u.id, u.followers_count from users u
        where ${suggestible('u')} and not exists (select 1 from known where known.id = u.id)
        order by u.followers_count desc, u.id limit ${MOST}) as most
      order by followers_count desc, id limit (select :limit - count(*) from known))
    select id from (
      select id, 0 as place, friends as weight from known
      union all
      select id, 1, followers_count from famous) as found
    order by place, weight desc, id`
}
