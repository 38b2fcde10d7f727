import { defineConfig } from '#providers/counter_cache/index'

/** The models that count rows of others. */
const counterCacheConfig = defineConfig({
  models: [() => import('#models/user'), () => import('#models/post'), () => import('#models/comment')],
})

export default counterCacheConfig
