import { readFile } from 'node:fs/promises'
import app from '@adonisjs/core/services/app'
import { commonFailures } from '#exceptions/failures'
import { SCOPES } from '#models/scope'
import { defineConfig } from '#providers/openapi/index'

/** What the description says beside what it derives from routes, validators and transformers. */
const openApiConfig = defineConfig({
  title: 'Calotype',
  description: 'A photo-sharing server: accounts, albums of photographs. Errors are `application/problem+json`.',
  version: '0.1.0',
  url: '/',
  scopes: SCOPES,
  access(middleware) {
    const guard = middleware.find(({ name }) => ['viewer', 'auth'].includes(name))
    const scope: string | null = guard ? (guard.args?.scope ?? 'read') : null
    const isRepeatable = middleware.some(({ name }) => name === 'idempotent')
    return { scope, isOptional: guard?.name !== 'auth', isRepeatable }
  },
  failures: commonFailures,
  parameters: {
    id: { type: 'string', format: 'uuid' },
    username: { type: 'string', minLength: 1, maxLength: 60 },
  },
  async loadExamples() {
    return JSON.parse(await readFile(app.makePath('resources/openapi/examples.json'), 'utf8'))
  },
})

export default openApiConfig
