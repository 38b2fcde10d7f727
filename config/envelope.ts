import env, { appUrl } from '#start/env'
import { defineConfig } from '#providers/envelope/index'

/** For answers of JSON, which no page shows; the page and the pictures set their own where they need another. */
const envelopeConfig = defineConfig({
  headers: {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    ...(appUrl.startsWith('https:') ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
    // What is answered depends on it where some origins may read and others may not.
    ...(env.get('CORS_ORIGINS') ? { Vary: 'Origin' } : {}),
  },
})

export default envelopeConfig
