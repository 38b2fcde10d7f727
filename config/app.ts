import { appUrl } from '#start/env'
import env from '#start/env'
import { defineConfig } from '@adonisjs/core/http'

export const appKey = env.get('APP_KEY')

export { appUrl }

export const http = defineConfig({
  generateRequestId: true,
  // Whose X-Forwarded-For is believed, so that limits count people and not the proxy before us.
  trustProxy: env.get('TRUSTED_PROXIES', 'loopback'),
  allowMethodSpoofing: false,
  useAsyncLocalStorage: false,
  // What JSON.stringify makes is what our transformers mean, at half the time of the default.
  serializeJSON: (value: unknown) => JSON.stringify(value),
  // Longer than any proxy keeps its own connections, or it would send into one that is closing.
  keepAliveTimeout: 75_000,
  cookie: { httpOnly: true, sameSite: 'lax' },
})
