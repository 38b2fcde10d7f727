import { appUrl } from '#start/env'
import env from '#start/env'
import { defineConfig } from '@adonisjs/core/http'
import { trusting } from '#providers/addresses/index'
import { refuseAddress } from '#providers/wire/index'

export const appKey = env.get('APP_KEY')

export { appUrl }

export const http = defineConfig({
  generateRequestId: true,
  allowMethodSpoofing: false,
  useAsyncLocalStorage: false,
  // What JSON.stringify makes is what our transformers mean, at half the time of the default.
  serializeJSON: (value: unknown) => JSON.stringify(value),
  // Longer than any proxy keeps its own connections, or it would send into one that is closing.
  keepAliveTimeout: 75_000,
  trustProxy: env.get('TRUSTED_PROXIES') ?? trusting(),
  onBadUrl: refuseAddress,
  cookie: { httpOnly: true, sameSite: 'lax' },
})
