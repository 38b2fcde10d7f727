import { Env } from '@adonisjs/core/env'
import { trusting } from '#providers/addresses/index'
import { choice, Settings, variable } from '#providers/settings/index'

const { number, secret, string } = Env.schema
const url = string({ format: 'url', tld: false })
const postgres = { with: 'DB_CONNECTION=postgres' } as const
const port = within(0, 65_535)
const s3 = { with: 'DRIVE_DISK=s3' } as const

/**
 * Every setting that differs between installations, with what it means and what holds where it is not given: config/ takes
 * it from here, and docs/configuration.md is made of it. A missing or contradictory one stops the boot and is named.
 */
export const settings = await Settings.read(new URL('../', import.meta.url), {
  NODE_ENV: choice('What the process is run for.', ['development', 'production', 'test']),
  TZ: variable('The time zone of the process; times are told and stored in UTC whatever it is.', string(), {
    optional: true,
  }),
  HOST: variable('The address to listen on: localhost, or 0.0.0.0 for all of the machine.', string({ format: 'host' })),
  PORT: variable('The port to listen on.', port),
  APP_KEY: variable(
    'Signs the addresses of private files. Whoever changes it makes those handed out so far invalid. Long and random.',
    key
  ),
  APP_URL: variable('The address that others reach the server under; HOST and PORT where it is not given.', url, {
    optional: true,
  }),
  LOG_LEVEL: choice(
    'The least important of what is logged.',
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    { default: 'info' }
  ),
  CORS_ORIGINS: variable(
    'The web pages of other origins that may use the API, separated by commas: https://app.example.org. None by default.',
    origins,
    { optional: true }
  ),

  DB_CONNECTION: choice('The database.', ['sqlite', 'postgres']),
  SQLITE_PATH: variable('The file of the database, for sqlite.', string(), { default: 'storage/calotype.sqlite' }),
  PG_HOST: variable('Where PostgreSQL is.', string({ format: 'host' }), postgres),
  PG_PORT: variable('The port of PostgreSQL.', port, { default: 5432 }),
  PG_USER: variable('Who logs in to PostgreSQL.', string(), postgres),
  PG_PASSWORD: variable('The password for PostgreSQL.', string(), { optional: true }),
  PG_DB_NAME: variable('The database at PostgreSQL.', string(), postgres),

  RELAY_CHANGES: choice(
    'Who tells the rest of the system what was written: the server, or processes of their own (`node ace changes:relay`).',
    ['server', 'process'],
    { default: 'server' }
  ),

  DRIVE_DISK: choice('Where pictures are stored.', ['memory', 'fs', 's3']),
  STORAGE_PATH: variable('The folder of the pictures, for fs.', string(), { with: 'DRIVE_DISK=fs' }),
  S3_ENDPOINT: variable('The address of the S3 server.', url, s3),
  S3_PUBLIC_ENDPOINT: variable('The address of the S3 server for clients, where that is another one.', url, {
    optional: true,
  }),
  S3_REGION: variable('The region of the bucket.', string(), { default: 'us-east-1' }),
  S3_ACCESS_KEY_ID: variable('The name of the key for S3.', string(), s3),
  S3_SECRET_ACCESS_KEY: variable('The secret of the key for S3.', string(), s3),
  S3_BUCKET: variable('The bucket; it is made when it is missing.', string(), s3),

  LIMITER_STORE: choice(
    'Where is counted who did what how often: in memory for one process, in Redis for several.',
    ['memory', 'redis'],
    { default: 'memory' }
  ),
  REDIS_HOST: variable('Where Redis is.', string({ format: 'host' }), { with: 'LIMITER_STORE=redis' }),
  REDIS_PORT: variable('The port of Redis.', port, { default: 6379 }),
  REDIS_PASSWORD: variable('The password for Redis.', string(), { optional: true }),
  LIMIT_FACTOR: variable('Multiplies how much may be uploaded, written and read; load tests set it.', within(0.001), {
    default: 1,
  }),
  LOGIN_LIMIT: variable('How many log-ins an address may try a minute.', within(1), { default: 60 }),
  SIGNUP_LIMIT: variable('How many sign-ups an address may try an hour.', within(1), { default: 60 }),
  REQUESTS_AT_ONCE: variable('How many requests are in work at once; what comes beyond is answered 503.', within(1), {
    default: 1000,
  }),
  TRUSTED_PROXIES: variable(
    'The proxies whose X-Forwarded-For is believed: addresses or CIDRs, separated by commas. None by default.',
    (_, list) => trusting(list),
    { optional: true }
  ),
})

const { env } = settings

export default env

/** The address of the server as others reach it, without a slash at the end. */
export const appUrl = (env.get('APP_URL') ?? `http://${env.get('HOST')}:${env.get('PORT')}`).replace(/\/+$/, '')

/** A number that is neither too small nor too large to mean anything. */
function within(least: number, most = Infinity) {
  return (name: string, value?: string): number => {
    const given = number()(name, value)
    if (given >= least && given <= most) return given
    throw new RangeError(`"${name}" must be at least ${least}${most < Infinity ? ` and at most ${most}` : ''}.`)
  }
}

/** As long as the framework asks for. */
function key(name: string, value?: string) {
  if (value && value.length < 16) throw new RangeError(`"${name}" must have at least 16 characters.`)
  return secret()(name, value)
}

/** A list as browsers name origins: they compare letter by letter. */
function origins(name: string, list = ''): string[] {
  const named = list.split(',').map((origin) => origin.trim())
  const wrong = named.find((origin) => URL.parse(origin)?.origin !== origin)
  if (wrong === undefined) return named
  throw new RangeError(`"${name}" has "${wrong}", which is no origin: write https://app.example.org, without a path.`)
}
