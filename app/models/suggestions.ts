import User from '#models/user'
import { seenBy, visibleUser } from '#models/visibility'
import { Statement } from '#providers/portable/index'

/** The friends whose friends are counted are the last ones: following thousands makes nobody wait. */
const FRIENDS = 500

const suggestible = (users: string) =>
  `(${visibleUser(users)} and ${users}.id <> :viewer
    and not exists (select 1 from follows where follower_id = :viewer and followed_id = ${users}.id)
    and not exists (select 1 from follow_requests where follower_id = :viewer and followed_id = ${users}.id)
    and not exists (select 1 from mutes where muter_id = :viewer and muted_id = ${users}.id
                    and (expires_at is null or expires_at > :now)))`

const suggested = new Statement<{ id: string }>(
  'suggestions',
  `with friends as (
     select f.followed_id as id from follows f join users u on u.id = f.followed_id
     where f.follower_id = :viewer and ${visibleUser('u')} order by f.id desc limit ${FRIENDS}),
   common as (
     select f.followed_id as id, count(*) as friends from follows f join friends on friends.id = f.follower_id
     group by f.followed_id),
   known as (
     select u.id, common.friends from common join users u on u.id = common.id
     where ${suggestible('u')} order by common.friends desc, u.id limit :limit),
   famous as (
     select u.id, u.followers_count from users u
     where ${suggestible('u')} and not exists (select 1 from known where known.id = u.id)
     order by u.followers_count desc, u.id limit (select :limit - count(*) from known))
   select id from (
     select id, 0 as place, friends as weight from known
     union all
     select id, 1, followers_count from famous) as found
   order by place, weight desc, id`
)

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
