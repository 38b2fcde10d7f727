import app from '@adonisjs/core/services/app'
import logger from '@adonisjs/core/services/logger'

const HOUR = 3_600_000

/** What a server does beside answering: once an hour it collects the uploads that nobody made use of. */
app.ready(() => {
  if (app.getEnvironment() !== 'web' || app.getMode() !== 'run') return
  const timer = setInterval(collect, HOUR).unref()
  app.terminating(() => clearInterval(timer))
})

async function collect() {
  try {
    const { default: Media } = await import('#models/media')
    const collected = await Media.collectAbandoned()
    if (collected > 0) logger.info({ collected }, 'collected media that no post shows')
  } catch (error) {
    logger.error({ err: error }, 'collecting abandoned media failed, and is tried again in an hour')
  }
}
