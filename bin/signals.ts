import { constants } from 'node:os'
import type { ApplicationService } from '@adonisjs/core/types'

/** Whatever the application still does then is cut off. */
const DEADLINE_MS = 9500

/** A terminal sends its Ctrl-C to every process there is, and npm passes on its own: what comes together is one signal. */
const TOGETHER_MS = 500

/** Ends the application on SIGTERM and SIGINT: in good order within ten seconds, and at once when it is asked again. */
export function endOnSignals(app: ApplicationService) {
  let began: number | undefined
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    app.listen(signal, () => {
      if (began === undefined) {
        began = performance.now()
        setTimeout(() => process.exit(1), DEADLINE_MS).unref()
        void app.terminate()
      } else if (performance.now() - began > TOGETHER_MS) process.exit(128 + constants.signals[signal])
    })
  }
}
