import { defineConfig } from '#providers/soft_delete/index'

/** The models whose trash `trash:purge` empties: those that take others along first. */
const softDeleteConfig = defineConfig({
  models: [
    () => import('#models/user'),
    () => import('#models/post'),
    () => import('#models/comment'),
    () => import('#models/media'),
  ],
})

export default softDeleteConfig
