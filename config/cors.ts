import env from '#start/env'
import { defineConfig } from '@adonisjs/cors'

const origins = env.get('CORS_ORIGINS') ?? []

/** Which pages of other origins may use the API. Tokens are sent in a header, so no browser needs to send credentials. */
const corsConfig = defineConfig({
  enabled: origins.length > 0,
  origin: origins,
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  headers: [
    'Authorization',
    'Content-Type',
    'Idempotency-Key',
    'If-Match',
    'If-None-Match',
    'If-Range',
    'Last-Event-ID',
    'Range',
    'X-Request-Id',
  ],
  exposeHeaders: [
    'Accept-Ranges',
    'Content-Range',
    'ETag',
    'Idempotency-Key',
    'Link',
    'Location',
    'RateLimit-Limit',
    'RateLimit-Policy',
    'RateLimit-Remaining',
    'RateLimit-Reset',
    'RateLimit',
    'Retry-After',
    'X-Request-Id',
  ],
  credentials: false,
  maxAge: 7200,
})

export default corsConfig
