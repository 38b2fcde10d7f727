import '@adonisjs/core/types/http'

type ParamValue = string | number | bigint | boolean

export type ScannedRoutes = {
  ALL: {
    'home.index': { paramsTuple?: []; params?: {} }
    'docs.index': { paramsTuple?: []; params?: {} }
    'docs.show': { paramsTuple: [ParamValue]; params: {'file': ParamValue} }
    'files.show': { paramsTuple: [...ParamValue[]]; params: {'*': ParamValue[]} }
    'files.update': { paramsTuple: [...ParamValue[]]; params: {'*': ParamValue[]} }
    'health.live': { paramsTuple?: []; params?: {} }
    'health.ready': { paramsTuple?: []; params?: {} }
    'openapi.show': { paramsTuple?: []; params?: {} }
    'users.store': { paramsTuple?: []; params?: {} }
    'session.store': { paramsTuple?: []; params?: {} }
    'users.index': { paramsTuple?: []; params?: {} }
    'users.show': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_profile.show': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_posts.index': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_followers.index': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_following.index': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'posts.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'explore.index': { paramsTuple?: []; params?: {} }
    'post_likes.index': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_comments.index': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comments.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comment_replies.index': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'hashtags.show': { paramsTuple: [ParamValue]; params: {'name': ParamValue} }
    'hashtag_posts.index': { paramsTuple: [ParamValue]; params: {'name': ParamValue} }
    'sessions.index': { paramsTuple?: []; params?: {} }
    'feed.index': { paramsTuple?: []; params?: {} }
    'follow_requests.index': { paramsTuple?: []; params?: {} }
    'blocks.index': { paramsTuple?: []; params?: {} }
    'mutes.index': { paramsTuple?: []; params?: {} }
    'suggestions.index': { paramsTuple?: []; params?: {} }
    'media.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'bookmarks.index': { paramsTuple?: []; params?: {} }
    'users.update': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'users.destroy': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_profile.update': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'profile_avatar.store': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'profile_avatar.destroy': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_follow.update': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_follow.destroy': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_block.update': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_block.destroy': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_mute.update': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_mute.destroy': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'followers.destroy': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'follow_requests.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'follow_requests.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'session.destroy': { paramsTuple?: []; params?: {} }
    'sessions.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'password.update': { paramsTuple?: []; params?: {} }
    'media.store': { paramsTuple?: []; params?: {} }
    'media.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'media.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'uploads.store': { paramsTuple?: []; params?: {} }
    'uploads.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'posts.store': { paramsTuple?: []; params?: {} }
    'posts.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'posts.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_restoration.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_like.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_like.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_bookmark.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_bookmark.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_archive.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_archive.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_pin.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_pin.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_comment_lock.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_comment_lock.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_comments.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comment_replies.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comments.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comments.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comment_restoration.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comment_pin.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comment_pin.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comment_like.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comment_like.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
  }
  GET: {
    'home.index': { paramsTuple?: []; params?: {} }
    'docs.index': { paramsTuple?: []; params?: {} }
    'docs.show': { paramsTuple: [ParamValue]; params: {'file': ParamValue} }
    'files.show': { paramsTuple: [...ParamValue[]]; params: {'*': ParamValue[]} }
    'health.live': { paramsTuple?: []; params?: {} }
    'health.ready': { paramsTuple?: []; params?: {} }
    'openapi.show': { paramsTuple?: []; params?: {} }
    'users.index': { paramsTuple?: []; params?: {} }
    'users.show': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_profile.show': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_posts.index': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_followers.index': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_following.index': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'posts.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'explore.index': { paramsTuple?: []; params?: {} }
    'post_likes.index': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_comments.index': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comments.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comment_replies.index': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'hashtags.show': { paramsTuple: [ParamValue]; params: {'name': ParamValue} }
    'hashtag_posts.index': { paramsTuple: [ParamValue]; params: {'name': ParamValue} }
    'sessions.index': { paramsTuple?: []; params?: {} }
    'feed.index': { paramsTuple?: []; params?: {} }
    'follow_requests.index': { paramsTuple?: []; params?: {} }
    'blocks.index': { paramsTuple?: []; params?: {} }
    'mutes.index': { paramsTuple?: []; params?: {} }
    'suggestions.index': { paramsTuple?: []; params?: {} }
    'media.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'bookmarks.index': { paramsTuple?: []; params?: {} }
  }
  HEAD: {
    'home.index': { paramsTuple?: []; params?: {} }
    'docs.index': { paramsTuple?: []; params?: {} }
    'docs.show': { paramsTuple: [ParamValue]; params: {'file': ParamValue} }
    'files.show': { paramsTuple: [...ParamValue[]]; params: {'*': ParamValue[]} }
    'health.live': { paramsTuple?: []; params?: {} }
    'health.ready': { paramsTuple?: []; params?: {} }
    'openapi.show': { paramsTuple?: []; params?: {} }
    'users.index': { paramsTuple?: []; params?: {} }
    'users.show': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_profile.show': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_posts.index': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_followers.index': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_following.index': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'posts.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'explore.index': { paramsTuple?: []; params?: {} }
    'post_likes.index': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_comments.index': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comments.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comment_replies.index': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'hashtags.show': { paramsTuple: [ParamValue]; params: {'name': ParamValue} }
    'hashtag_posts.index': { paramsTuple: [ParamValue]; params: {'name': ParamValue} }
    'sessions.index': { paramsTuple?: []; params?: {} }
    'feed.index': { paramsTuple?: []; params?: {} }
    'follow_requests.index': { paramsTuple?: []; params?: {} }
    'blocks.index': { paramsTuple?: []; params?: {} }
    'mutes.index': { paramsTuple?: []; params?: {} }
    'suggestions.index': { paramsTuple?: []; params?: {} }
    'media.show': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'bookmarks.index': { paramsTuple?: []; params?: {} }
  }
  PUT: {
    'files.update': { paramsTuple: [...ParamValue[]]; params: {'*': ParamValue[]} }
    'user_follow.update': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_block.update': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_mute.update': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'follow_requests.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'password.update': { paramsTuple?: []; params?: {} }
    'uploads.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_restoration.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_like.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_bookmark.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_archive.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_pin.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_comment_lock.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comment_restoration.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comment_pin.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comment_like.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
  }
  POST: {
    'users.store': { paramsTuple?: []; params?: {} }
    'session.store': { paramsTuple?: []; params?: {} }
    'profile_avatar.store': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'media.store': { paramsTuple?: []; params?: {} }
    'uploads.store': { paramsTuple?: []; params?: {} }
    'posts.store': { paramsTuple?: []; params?: {} }
    'post_comments.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comment_replies.store': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
  }
  PATCH: {
    'users.update': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_profile.update': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'media.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'posts.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comments.update': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
  }
  DELETE: {
    'users.destroy': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'profile_avatar.destroy': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_follow.destroy': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_block.destroy': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'user_mute.destroy': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'followers.destroy': { paramsTuple: [ParamValue]; params: {'username': ParamValue} }
    'follow_requests.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'session.destroy': { paramsTuple?: []; params?: {} }
    'sessions.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'media.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'posts.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_like.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_bookmark.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_archive.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_pin.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'post_comment_lock.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comments.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comment_pin.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
    'comment_like.destroy': { paramsTuple: [ParamValue]; params: {'id': ParamValue} }
  }
}
declare module '@adonisjs/core/types/http' {
  export interface RoutesList extends ScannedRoutes {}
}