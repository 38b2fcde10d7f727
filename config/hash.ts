import { defineConfig, drivers } from '@adonisjs/core/hash'
import app from '@adonisjs/core/services/app'

const hashConfig = defineConfig({
  default: 'scrypt',
  list: {
    // OWASP's cost of 2^17 takes 128 MB a hash; 2^14 with its 16 MB is what a small machine bears several of at once.
    scrypt: drivers.scrypt({
      cost: app.inTest ? 1024 : 16384,
      blockSize: 8,
      parallelization: 5,
      maxMemory: 64 * 1024 * 1024,
    }),
  },
})

export default hashConfig

declare module '@adonisjs/core/types' {
  export interface HashersList extends InferHashers<typeof hashConfig> {}
}
