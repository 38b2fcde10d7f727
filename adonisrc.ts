import { indexEntities } from '@adonisjs/core'
import { defineConfig } from '@adonisjs/core/app'

export default defineConfig({
  directories: {
    commands: 'app/commands',
  },

  commands: [
    () => import('@adonisjs/core/commands'),
    () => import('@adonisjs/lucid/commands'),
    () => import('#providers/change_log/commands/main'),
    () => import('#providers/counter_cache/commands/main'),
    () => import('#providers/openapi/commands/main'),
    () => import('#providers/soft_delete/commands/main'),
  ],

  providers: [
    () => import('@adonisjs/core/providers/app_provider'),
    () => import('@adonisjs/core/providers/hash_provider'),
    () => import('@adonisjs/core/providers/vinejs_provider'),
    () => import('@adonisjs/core/providers/edge_provider'),
    () => import('@adonisjs/cors/cors_provider'),
    () => import('@adonisjs/lucid/database_provider'),
    () => import('#providers/envelope/provider'),
    () => import('#providers/health/provider'),
    () => import('#providers/portable/provider'),
    () => import('#providers/commit_guard/provider'),
    () => import('#providers/change_log/provider'),
    () => import('#providers/counter_cache/provider'),
    () => import('@adonisjs/auth/auth_provider'),
    () => import('#providers/sessions/provider'),
    () => import('@adonisjs/redis/redis_provider'),
    () => import('@adonisjs/limiter/limiter_provider'),
    () => import('#providers/validation/provider'),
    () => import('#providers/wire/provider'),
    () => import('#providers/storage/provider'),
    () => import('#providers/media/provider'),
    () => import('#providers/openapi/provider'),
    () => import('#providers/idempotency/provider'),
    () => import('#providers/shutdown/provider'),
  ],

  preloads: [
    () => import('#start/routes'),
    () => import('#start/guarded'),
    () => import('#start/kernel'),
    () => import('#start/housekeeping'),
  ],

  tests: {
    suites: [
      { name: 'unit', files: ['tests/unit/**/*.spec.{ts,js}'], timeout: 120_000 },
      { name: 'functional', files: ['tests/functional/**/*.spec.{ts,js}'], timeout: 120_000 },
      { name: 'resilience', files: ['tests/resilience/**/*.spec.{ts,js}'], timeout: 120_000 },
      { name: 'services', files: ['tests/{services,browser}/**/*.spec.{ts,js}'], timeout: 120_000 },
    ],
    forceExit: true,
  },

  metaFiles: [{ pattern: 'resources/views/**/*.edge', reloadServer: false }],

  hooks: {
    init: [indexEntities({ transformers: { enabled: false } })],
  },
})
