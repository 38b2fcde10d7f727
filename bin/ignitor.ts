import 'reflect-metadata'
import { Ignitor } from '@adonisjs/core'
import { endOnSignals } from './signals.js'

/** The root of the application, of the sources or of the build. */
const APP_ROOT = new URL('../', import.meta.url)

/** Imports files in the context of the application. */
const importer = (file: string) => import(/^\.\.?\//.test(file) ? new URL(file, APP_ROOT).href : file)

/** The application, not booted yet: each entrypoint in this folder runs it in its own way. */
export function ignitor() {
  return new Ignitor(APP_ROOT, { importer }).tap((app) => {
    app.booting(async () => {
      const { settings } = await import('#start/env')
      settings.demand()
    })
    endOnSignals(app)
  })
}
