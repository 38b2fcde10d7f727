import { STATUS_CODES } from 'node:http'
import string from '@adonisjs/core/helpers/string'
import type { Access, Examples, NamedMiddleware, OpenApiConfig } from './define_config.js'
import { E_UNDESCRIBED } from './errors.js'
import { type Content, type Failure, type Operation, operationOf, type Validator } from './operation.js'
import { Components } from './components.js'

/** The part of a route that is needed: as `router.toJSON()` gives it. */
export interface Route {
  pattern: string
  methods: string[]
  name?: string
  handler: unknown
  middleware: { all(): Iterable<unknown> }
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Sent again with the same key within 24 hours, the request has one effect and gets the same answer.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x20-\\x7e]+$' },
}

interface Described {
  path: string
  method: string
  id: string
  operation: Operation & Access
}

const FILE = { type: 'string', contentMediaType: 'application/octet-stream' }

/**
 * Makes the OpenAPI 3.1 document of the routes.
 *
 * @throws E_UNDESCRIBED when a route leads to an action that says nothing of itself.
 */
export async function documentOf(routes: Route[], config: OpenApiConfig): Promise<object> {
  const described = await Promise.all(routes.flatMap((route) => describe(route, config)))
  const undescribed = described.filter(({ operation }) => !operation.summary)
  if (undescribed.length > 0) {
    const names = undescribed.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    throw new E_UNDESCRIBED(`No @operation describes ${names.join(', ')}.`)
  }
  const components = new Components()
  const examples = await config.loadExamples()
  const paths: Record<string, Record<string, object>> = {}
  for (const each of described) {
    paths[each.path] ??= {}
    paths[each.path][each.method] = operationObject(each, config, components, examples)
  }
  const { title, description, version, url, scopes } = config
  return {
    openapi: '3.1.0',
    info: { title, description, version, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url }],
    tags: [...new Set(described.map(({ path }) => tagOf(path)))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: scopesTold(scopes) },
      },
      schemas: components.schemas,
      responses: components.responses,
    },
  }
}

function describe(
  { pattern, methods, name = pattern, handler, middleware }: Route,
  config: OpenApiConfig
): Promise<Described>[] {
  const path = pattern.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}')
  return methods
    .filter((method) => method !== 'HEAD')
    .map(async (method) => {
      const { controller, action } = await actionOf(handler)
      const access = config.access([...middleware.all()] as NamedMiddleware[])
      const operation = (controller && operationOf(controller, action)) || { summary: '', answers: {} }
      const id = string.camelCase(name.replaceAll(/[._]/g, ' '))
      return { path, method: method.toLowerCase(), id, operation: { ...operation, ...access } }
    })
}

async function actionOf(handler: any): Promise<{ controller?: any; action: string }> {
  const [load, action = 'handle'] = Array.isArray(handler?.reference) ? handler.reference : []
  if (typeof load !== 'function') return { action }
  // A class is called with `new`, its import without.
  const controller = /^class\b/.test(String(load)) ? load : (await load()).default
  return { controller, action }
}

function operationObject(
  { path, method, id, operation }: Described,
  config: OpenApiConfig,
  components: Components,
  examples: Examples
) {
  const { summary, description, query, body, form, scope, isOptional } = operation
  const example = examples[id]
  const security = isOptional ? [{}, { token: [] }] : [{ token: [] }]
  return {
    operationId: id,
    tags: [tagOf(path)],
    summary,
    description: [description, scope && `Scope: \`${scope}\``].filter(Boolean).join('\n\n') || undefined,
    security: scope ? security : [],
    parameters: [
      ...pathParameters(path, config.parameters),
      ...(query ? queryParameters(query) : []),
      ...(operation.isRepeatable ? [IDEMPOTENCY_KEY] : []),
    ],
    requestBody: requestBody(body, form, example?.body),
    responses: {
      ...failures({ ...operation, method }, config, components),
      ...answers(operation, components, example?.answer),
      ...(isConditional(method, operation) && { 304: { description: 'Not Modified' } }),
    },
  }
}

function pathParameters(path: string, known: OpenApiConfig['parameters']) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
    return { name, in: 'path', required: true, schema: known[name] ?? { type: 'string' } }
  })
}

function queryParameters(validator: Validator) {
  const { properties, required = [] } = validator.toJSONSchema() as { properties: object; required?: string[] }
  return Object.entries(properties).map(([name, schema]) => {
    return { name, in: 'query', required: required.includes(name), schema }
  })
}

function requestBody(body: Validator | undefined, form: Validator | undefined, example: unknown) {
  if (body) {
    const schema = body.toJSONSchema() as { required?: string[] }
    const required = (schema.required ?? []).length > 0
    return { required, content: { 'application/json': { schema, example } } }
  }
  if (!form) return undefined
  const { properties } = form.toJSONSchema() as { properties: object }
  const fields = Object.fromEntries(
    Object.keys(properties).map((name) => [name, { type: 'string', example: (example as any)?.[name] }])
  )
  const schema = {
    type: 'object',
    properties: { file: FILE, ...fields },
    required: ['file'],
    additionalProperties: false,
  }
  return { required: true, content: { 'multipart/form-data': { schema } } }
}

function answers({ answers: all }: Operation, components: Components, example: unknown) {
  return Object.fromEntries(
    Object.entries(all).map(([status, answer]) => [
      status,
      {
        description: STATUS_CODES[status],
        content: contentOf(answer, components, example),
      },
    ])
  )
}

/** A read of JSON has an ETag, and is answered 304 to who knows it. */
function isConditional(method: string, { answers: { 200: answer } }: Operation): boolean {
  return method === 'get' && Boolean(answer) && (!isContent(answer) || answer.type === 'application/json')
}

/** A media type has a slash, a type of JSON has none. */
function isContent(answer: Operation['answers'][number]): answer is Content {
  return answer !== null && 'type' in answer && String(answer.type).includes('/')
}

function contentOf(answer: Operation['answers'][number], components: Components, example: unknown) {
  if (answer === null) return undefined
  if (isContent(answer)) {
    return { [answer.type]: answer.schema ? { schema: components.refer(answer.schema) } : {} }
  }
  return { 'application/json': { schema: components.refer(answer), example } }
}

function failures(operation: Operation & Access & { method: string }, config: OpenApiConfig, components: Components) {
  const all = [...(operation.fails ?? []), ...config.failures(operation)]
  const byStatus = Map.groupBy(all, ({ status }) => status)
  return Object.fromEntries(
    [...byStatus]
      .toSorted(([one], [other]) => one - other)
      .map(([status, list]) => [status, components.refusal(status, list, told(list))])
  )
}

function told(list: Failure[]): string {
  return [
    ...new Map(list.map(({ code, message }) => [code, `\`${code}\`${message ? `: ${message}` : ''}`])).values(),
  ].join('\n\n')
}

function tagOf(path: string): string {
  const [first, second] = path.split('/').filter((part) => part && !part.startsWith('{'))
  return (first === 'v1' ? second : first) ?? 'home'
}

function scopesTold(scopes: OpenApiConfig['scopes']): string {
  return Object.entries(scopes)
    .map(([name, meaning]) => `\`${name}\`: ${meaning}`)
    .join('\n\n')
}
