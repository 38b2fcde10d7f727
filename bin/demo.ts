/*
 * A photo server to look at: brings the database up to date, fills in the demo's people and albums where there are none,
 * and serves.
 */
import { exitWith } from './boot_error.js'
import { ignitor } from './ignitor.js'

process.env.NODE_ENV ??= 'development'

await ignitor()
  .tap((app) => {
    // Before the providers start, which look whether the database is as declared.
    app.booted(async () => {
      const { migrate } = await import('#database/demo/migrate')
      await migrate(app)
    })
    app.starting(async () => {
      const { seedDemo } = await import('#database/demo/seed')
      await seedDemo()
    })
  })
  .httpServer()
  .start()
  .then(async () => {
    const { appUrl } = await import('#start/env')
    const { PASSWORD, people } = await import('#database/demo/people')
    console.log(`\nCalotype is at ${appUrl}\nLog in as "${people[0].username}" with the password "${PASSWORD}".\n`)
  })
  .catch(exitWith)
