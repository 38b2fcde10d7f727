import type User from '#models/user'

/**
 * Who sees what, as SQL about the rows of an alias with one binding, `:viewer`: an id, or null for who is not logged in. Every
 * query for others than admins has one of these.
 */
export const visibleUser = (users: string) =>
  `(${users}.deleted_at is null and ${users}.suspended_at is null
    and not exists (select 1 from blocks where blocker_id = ${users}.id and blocked_id = :viewer)
    and not exists (select 1 from blocks where blocker_id = :viewer and blocked_id = ${users}.id))`

/** The ids of all whom the viewer does not see, by indexes that hold nobody else. */
export const hiddenUsers = `(
  select id from users where suspended_at is not null union select id from users where deleted_at is not null
  union select blocker_id from blocks where blocked_id = :viewer union select blocked_id from blocks where blocker_id = :viewer)`

/** Those whom the viewer blocks, and does not see for that. */
export const blockedUser = (users: string) =>
  `(${users}.deleted_at is null and ${users}.suspended_at is null
    and exists (select 1 from blocks where blocker_id = :viewer and blocked_id = ${users}.id))`

/** Where the viewer sees what the account shows to those whom it lets in, whom it follows too. */
export const openUser = (users: string) =>
  `(${users}.id = :viewer or ${users}.private_since is null
    or exists (select 1 from follows where follower_id = :viewer and followed_id = ${users}.id))`

export const visiblePost = (posts: string) =>
  `(${posts}.deleted_at is null and exists (
      select 1 from users owner
      where owner.id = ${posts}.user_id and ${visibleUser('owner')}
        and (owner.id = :viewer or (${posts}.archived_at is null and (
          (${posts}.visibility = 'public' and owner.private_since is null)
          or exists (select 1 from follows where follower_id = :viewer and followed_id = owner.id))))))`

/** What is left of a post's comments for who sees the post: neither deleted nor of somebody whom the viewer does not see. */
export const livingComment = (comments: string) =>
  `(${comments}.deleted_at is null
    and exists (select 1 from users writer where writer.id = ${comments}.user_id and ${visibleUser('writer')}))`

/** Living, or with something living below it, which a tombstone then holds. */
export const listedComment = (comments: string) =>
  `(${livingComment(comments)} or exists (
      select 1 from comments below
      where below.post_id = ${comments}.post_id and below.lft > ${comments}.lft and below.lft < ${comments}.rgt
        and ${livingComment('below')}))`

export const onVisiblePost = (comments: string) =>
  `exists (select 1 from posts commented where commented.id = ${comments}.post_id and ${visiblePost('commented')})`

export const visibleComment = (comments: string) => `(${livingComment(comments)} and ${onVisiblePost(comments)})`

export const seenBy = (viewer: User | null) => ({ viewer: (viewer?.id ?? null) as string })

/** Whom the viewer does not hear of unasked: with `:viewer` and `:now`, about the id of an author. */
export const unmuted = (author: string) =>
  `not exists (
    select 1 from mutes
    where muter_id = :viewer and muted_id = ${author} and (expires_at is null or expires_at > :now))`
