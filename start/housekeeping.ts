import app from '@adonisjs/core/services/app'
import logger from '@adonisjs/core/services/logger'
import softDeleteConfig from '#config/soft_delete'
import { purge } from '#providers/soft_delete/index'

const HOUR = 3_600_000

/**
 * What a server does beside answering, once an hour: it collects the uploads that nobody completed or made use of, empties
 * the trash, and forgets old keys of requests.
 */
app.ready(() => {
  if (app.getEnvironment() !== 'web' || app.getMode() !== 'run') return
  const timer = setInterval(keepHouse, HOUR).unref()
  app.terminating(() => clearInterval(timer))
})

async function keepHouse() {
  try {
    const { default: Media } = await import('#models/media')
    const { default: Upload } = await import('#models/upload')
    const collected = (await Media.collectAbandoned()) + (await Upload.collectExpired())
    const purged = await emptyTrash()
    const swept = await (await app.container.make('idempotency')).sweep()
    if (collected + purged + swept > 0)
      logger.info({ collected, purged, swept }, 'deleted for good what was abandoned, expired or long in the trash')
  } catch (error) {
    logger.error({ err: error }, 'keeping house failed, and is tried again in an hour')
  }
}

async function emptyTrash(): Promise<number> {
  let purged = 0
  for (const load of softDeleteConfig.models) {
    for await (const { rows } of purge({ model: (await load()).default })) purged += rows
  }
  return purged
}
