import { defineConfig } from '#providers/media/index'

/** What is taken in, and how much of it at once. The defaults suit a machine of 1 GB. */
const mediaConfig = defineConfig({
  maxBytes: 20_000_000,
  maxPixels: 50_000_000,
  maxFrames: 1000,
  uploadsAtOnce: 32,
})

export default mediaConfig
