import env from '#start/env'
import { defineConfig, stores } from '@adonisjs/limiter'

const limiterConfig = defineConfig({
  default: 'memory',
  stores: { memory: stores.memory({}) },
})

export default limiterConfig

/** Who may try how often. An address is counted by itself, an account wherever its log-ins come from. */
export const limits = {
  logInsPerAddress: { requests: env.get('LOGIN_LIMIT'), duration: '1 minute' },
  failedLogInsPerAccount: { requests: 10, duration: '15 minutes' },
  signUpsPerAddress: { requests: env.get('SIGNUP_LIMIT'), duration: '1 hour' },
  signUpsPerAccount: { requests: 10, duration: '1 hour' },
}

declare module '@adonisjs/limiter/types' {
  export interface LimitersList extends InferLimiters<typeof limiterConfig> {}
}
