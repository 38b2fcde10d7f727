import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'

/** An id of another form is nobody's: no such address, and no question to the database. In upper case it is the same id. */
router.where('id', { match: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i, cast: (id: string) => id.toLowerCase() })

// No token is looked at.
router
  .group(() => {
    router.get('/', [controllers.Home, 'index'])
    router.get('/docs', [controllers.Docs, 'index'])
    router.get('/docs/:file', [controllers.Docs, 'show'])
    router.get('/files/*', [controllers.Files, 'show'])
    router.put('/files/*', [controllers.Files, 'update'])
    router.get('/health/live', [controllers.Health, 'live'])
    router.get('/health/ready', [controllers.Health, 'ready'])
    router.get('/openapi.json', [controllers.Openapi, 'show'])
    router.post('/v1/users', [controllers.Users, 'store']).use(middleware.idempotent())
    router.post('/v1/session', [controllers.Session, 'store']).use(middleware.idempotent())
  })
  .use(middleware.anyone())

// Open to everyone; a token, where there is one, tells who looks.
router
  .group(() => {
    router.get('/users', [controllers.Users, 'index'])
    router.get('/users/:username', [controllers.Users, 'show'])
    router.get('/users/:username/profile', [controllers.UserProfile, 'show'])
    router.get('/users/:username/posts', [controllers.UserPosts, 'index'])
    router.get('/users/:username/followers', [controllers.UserFollowers, 'index'])
    router.get('/users/:username/following', [controllers.UserFollowing, 'index'])
    router.get('/posts/:id', [controllers.Posts, 'show'])
    router.get('/explore', [controllers.Explore, 'index'])
    router.get('/posts/:id/likes', [controllers.PostLikes, 'index'])
    router.get('/posts/:id/comments', [controllers.PostComments, 'index'])
    router.get('/comments/:id', [controllers.Comments, 'show'])
    router.get('/comments/:id/replies', [controllers.CommentReplies, 'index'])
    router.get('/hashtags/:name', [controllers.Hashtags, 'show'])
    router.get('/hashtags/:name/posts', [controllers.HashtagPosts, 'index'])
  })
  .prefix('/v1')
  .use(middleware.viewer())

// With a token only.
router
  .group(() => {
    router.get('/sessions', [controllers.Sessions, 'index'])
    router.get('/feed', [controllers.Feed, 'index'])
    router.get('/follow-requests', [controllers.FollowRequests, 'index'])
    router.get('/blocks', [controllers.Blocks, 'index'])
    router.get('/mutes', [controllers.Mutes, 'index'])
    router.get('/suggestions', [controllers.Suggestions, 'index'])
    router.get('/media/:id', [controllers.Media, 'show'])
    router.get('/bookmarks', [controllers.Bookmarks, 'index'])
  })
  .prefix('/v1')
  .use(middleware.auth({ scope: 'read' }))

router
  .group(() => {
    router.patch('/users/:username', [controllers.Users, 'update'])
    router.delete('/users/:username', [controllers.Users, 'destroy'])
    router.patch('/users/:username/profile', [controllers.UserProfile, 'update'])
    router.post('/users/:username/profile/avatar', [controllers.ProfileAvatar, 'store']).use(middleware.idempotent())
    router.delete('/users/:username/profile/avatar', [controllers.ProfileAvatar, 'destroy'])

    router.put('/users/:username/follow', [controllers.UserFollow, 'update'])
    router.delete('/users/:username/follow', [controllers.UserFollow, 'destroy'])
    router.put('/users/:username/block', [controllers.UserBlock, 'update'])
    router.delete('/users/:username/block', [controllers.UserBlock, 'destroy'])
    router.put('/users/:username/mute', [controllers.UserMute, 'update'])
    router.delete('/users/:username/mute', [controllers.UserMute, 'destroy'])
    router.delete('/followers/:username', [controllers.Followers, 'destroy'])
    router.put('/follow-requests/:id', [controllers.FollowRequests, 'update'])
    router.delete('/follow-requests/:id', [controllers.FollowRequests, 'destroy'])

    router.delete('/session', [controllers.Session, 'destroy'])
    router.delete('/sessions/:id', [controllers.Sessions, 'destroy'])
    router.put('/password', [controllers.Password, 'update'])

    router.post('/media', [controllers.Media, 'store']).use(middleware.idempotent())
    router.patch('/media/:id', [controllers.Media, 'update'])
    router.delete('/media/:id', [controllers.Media, 'destroy'])

    router.post('/uploads', [controllers.Uploads, 'store']).use(middleware.idempotent())
    router.put('/uploads/:id', [controllers.Uploads, 'update'])

    router.post('/posts', [controllers.Posts, 'store']).use(middleware.idempotent())
    router.patch('/posts/:id', [controllers.Posts, 'update'])
    router.delete('/posts/:id', [controllers.Posts, 'destroy'])
    router.put('/posts/:id/restoration', [controllers.PostRestoration, 'update'])
    router.put('/posts/:id/like', [controllers.PostLike, 'update'])
    router.delete('/posts/:id/like', [controllers.PostLike, 'destroy'])
    router.put('/posts/:id/bookmark', [controllers.PostBookmark, 'update'])
    router.delete('/posts/:id/bookmark', [controllers.PostBookmark, 'destroy'])
    router.put('/posts/:id/archive', [controllers.PostArchive, 'update'])
    router.delete('/posts/:id/archive', [controllers.PostArchive, 'destroy'])
    router.put('/posts/:id/pin', [controllers.PostPin, 'update'])
    router.delete('/posts/:id/pin', [controllers.PostPin, 'destroy'])

    router.put('/posts/:id/comment-lock', [controllers.PostCommentLock, 'update'])
    router.delete('/posts/:id/comment-lock', [controllers.PostCommentLock, 'destroy'])

    router.post('/posts/:id/comments', [controllers.PostComments, 'store']).use(middleware.idempotent())
    router.post('/comments/:id/replies', [controllers.CommentReplies, 'store']).use(middleware.idempotent())
    router.patch('/comments/:id', [controllers.Comments, 'update'])
    router.delete('/comments/:id', [controllers.Comments, 'destroy'])
    router.put('/comments/:id/restoration', [controllers.CommentRestoration, 'update'])
    router.put('/comments/:id/pin', [controllers.CommentPin, 'update'])
    router.delete('/comments/:id/pin', [controllers.CommentPin, 'destroy'])
    router.put('/comments/:id/like', [controllers.CommentLike, 'update'])
    router.delete('/comments/:id/like', [controllers.CommentLike, 'destroy'])
  })
  .prefix('/v1')
  .use(middleware.auth({ scope: 'write' }))
