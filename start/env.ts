import { Env } from '@adonisjs/core/env'

/**
 * Every setting that differs between installations. A missing or contradictory one stops the boot and is named.
 */
const env = await Env.create(new URL('../', import.meta.url), {
  NODE_ENV: Env.schema.enum(['development', 'production', 'test'] as const),
  HOST: Env.schema.string({ format: 'host' }),
  PORT: Env.schema.number(),
  APP_KEY: Env.schema.secret(),
  APP_URL: Env.schema.string.optional({ format: 'url', tld: false }),
  LOG_LEVEL: Env.schema.enum.optional(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const),

  DB_CONNECTION: Env.schema.enum(['sqlite', 'postgres'] as const),
  SQLITE_PATH: Env.schema.string.optionalWhen(() => process.env.DB_CONNECTION !== 'sqlite'),
  PG_HOST: Env.schema.string.optionalWhen(() => process.env.DB_CONNECTION !== 'postgres', { format: 'host' }),
  PG_PORT: Env.schema.number.optional(),
  PG_USER: Env.schema.string.optionalWhen(() => process.env.DB_CONNECTION !== 'postgres'),
  PG_PASSWORD: Env.schema.string.optional(),
  PG_DB_NAME: Env.schema.string.optionalWhen(() => process.env.DB_CONNECTION !== 'postgres'),

  RELAY_CHANGES: Env.schema.enum.optional(['server', 'process'] as const),

  DRIVE_DISK: Env.schema.enum(['memory', 'fs', 's3'] as const),
  STORAGE_PATH: Env.schema.string.optionalWhen(() => process.env.DRIVE_DISK !== 'fs'),
  S3_ENDPOINT: Env.schema.string.optionalWhen(() => process.env.DRIVE_DISK !== 's3', { format: 'url', tld: false }),
  S3_PUBLIC_ENDPOINT: Env.schema.string.optional({ format: 'url', tld: false }),
  S3_REGION: Env.schema.string.optional(),
  S3_ACCESS_KEY_ID: Env.schema.string.optionalWhen(() => process.env.DRIVE_DISK !== 's3'),
  S3_SECRET_ACCESS_KEY: Env.schema.string.optionalWhen(() => process.env.DRIVE_DISK !== 's3'),
  S3_BUCKET: Env.schema.string.optionalWhen(() => process.env.DRIVE_DISK !== 's3'),

  LOGIN_LIMIT: Env.schema.number.optional(),
  SIGNUP_LIMIT: Env.schema.number.optional(),
})

export default env

/** The address of the server as others reach it, without a slash at the end. */
export const appUrl = (env.get('APP_URL') ?? `http://${env.get('HOST')}:${env.get('PORT')}`).replace(/\/+$/, '')
