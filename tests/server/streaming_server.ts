/*
 * The server with one more address, /events, which is answered for as long as the server lives.
 */
import { ignitor } from '../../bin/ignitor.js'

await ignitor()
  .tap((app) => {
    app.starting(async () => {
      const { default: router } = await import('@adonisjs/core/services/router')
      const { middleware } = await import('#start/kernel')
      const streams = await app.container.make('openStreams')
      const events = router.get('/events', ({ response }) => {
        response.header('Content-Type', 'text/event-stream')
        response.relayHeaders()
        const { promise, resolve } = Promise.withResolvers<void>()
        const left = streams.add(() => response.response.end('event: end\n\n'))
        response.response.once('close', () => {
          left()
          resolve()
        })
        response.response.write('event: start\n\n')
        return promise
      })
      events.use(middleware.anyone())
    })
  })
  .httpServer()
  .start()
