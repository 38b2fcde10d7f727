import env from '#start/env'
import app from '@adonisjs/core/services/app'
import { defineConfig, syncDestination, targets } from '@adonisjs/core/logger'

const level = env.get('LOG_LEVEL')

const loggerConfig = defineConfig({
  default: 'app',
  loggers: {
    app: {
      enabled: level !== 'silent',
      name: 'calotype',
      level,
      redact: { paths: ['password', '*.password', 'token', '*.token', 'authorization', '*.authorization'] },
      destination: app.inProduction ? undefined : await syncDestination(),
      transport: app.inProduction ? { targets: [targets.file({ destination: 1 })] } : undefined,
    },
  },
})

export default loggerConfig

declare module '@adonisjs/core/types' {
  export interface LoggersList extends InferLoggers<typeof loggerConfig> {}
}
