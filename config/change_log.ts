import { defineConfig } from '#providers/change_log/index'
import env from '#start/env'

/** The models whose changes are logged, and handed to their hooks. */
const changeLogConfig = defineConfig({
  models: [
    () => import('#models/user'),
    () => import('#models/profile'),
    () => import('#models/post'),
    () => import('#models/media'),
    () => import('#models/comment'),
    () => import('#models/post_like'),
    () => import('#models/comment_like'),
    () => import('#models/follow'),
  ],
  relayInServer: env.get('RELAY_CHANGES') === 'server',
})

export default changeLogConfig
