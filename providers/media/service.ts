import app from '@adonisjs/core/services/app'
import type { Media } from './index.js'

/** The application's `Media`, once it is booted. */
let media: Media

await app.booted(async () => {
  media = await app.container.make('media')
})

export { media as default }
export type { FocalPoint, Picture, Upload, Variant } from './index.js'
