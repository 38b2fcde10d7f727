import env from '#start/env'
import { defineConfig, stores } from '@adonisjs/limiter'
import { insured } from '#providers/insured_limiter/index'

const limiterConfig = defineConfig({
  default: env.get('LIMITER_STORE'),
  stores: {
    memory: stores.memory({}),
    redis: insured(stores.redis({ connectionName: 'limiter', keyPrefix: 'calotype' }), { connection: 'limiter' }),
  },
})

export default limiterConfig

const factor = env.get('LIMIT_FACTOR')

const times = (requests: number, duration: string) => ({ requests: Math.ceil(requests * factor), duration })

/** Who may do what how often. Many may share an address, a school or a mobile network: it bears what several accounts do. */
export const limits: Record<'logIn' | 'signUp' | 'upload' | 'write' | 'read', { address: Limit; account?: Limit }> = {
  logIn: { address: { requests: env.get('LOGIN_LIMIT'), duration: '1 minute' } },
  signUp: { address: { requests: env.get('SIGNUP_LIMIT'), duration: '1 hour' } },
  upload: { address: times(600, '1 minute'), account: times(120, '1 minute') },
  write: { address: times(1200, '1 minute'), account: times(300, '1 minute') },
  read: { address: times(6000, '1 minute'), account: times(1800, '1 minute') },
}

/** What a route counts as; any other is a read or a write, by its method. */
export const kinds: Record<string, keyof typeof limits> = {
  'session.store': 'logIn',
  'password.update': 'logIn',
  'users.store': 'signUp',
  'media.store': 'upload',
  'profile_avatar.store': 'upload',
  'files.update': 'upload',
  'uploads.update': 'upload',
}

/** How often an e-mail may be signed up with, whoever asks. */
export const signUpsPerEmail = { requests: 10, duration: '1 hour' }

/**
 * The log-ins by one name that fail. From one address, `free` in a day cost nothing, and each one after them takes twice the wait
 * of the one before. From all addresses together there are half as many as NIST SP 800-63B allows an account, which has two names:
 * a count that they shared would tell whose an e-mail is. An owner is locked out by many strangers only.
 */
export const failedLogIns = {
  free: 5,
  from: { requests: Number.MAX_SAFE_INTEGER, duration: '1 day' },
  turn: { requests: 1, duration: '15 minutes' },
  wait: { first: 2, longest: 900 },
  name: { requests: 50, duration: '1 hour' },
}

/** How many requests are in work at once; see the gate's middleware. */
export const requestsAtOnce = { capacity: env.get('REQUESTS_AT_ONCE'), unshed: ['/health/', '/files/'] }

interface Limit {
  requests: number
  duration: string
}

declare module '@adonisjs/limiter/types' {
  export interface LimitersList extends InferLimiters<typeof limiterConfig> {}
}
