import type { Failure } from './operation.js'

/** The schemas that have a name, and the refusals, each written once and referred to elsewhere. */
export class Components {
  readonly responses: Record<string, object> = {}
  readonly schemas: Record<string, object> = {
    Problem: {
      type: 'object',
      description: 'What went wrong, as RFC 9457 has it.',
      properties: {
        type: { type: 'string', const: 'about:blank' },
        title: { type: 'string' },
        status: { type: 'integer' },
        code: { type: 'string', description: 'Stable, for programs.' },
        detail: { type: 'string', description: 'What to do, for people.' },
        requestId: {
          type: 'string',
          description: 'The name of the request in the log, where it failed for a fault of ours.',
        },
        errors: {
          type: 'array',
          items: {
            type: 'object',
            properties: { field: { type: 'string' }, rule: { type: 'string' }, message: { type: 'string' } },
            required: ['field', 'rule', 'message'],
            additionalProperties: false,
          },
        },
      },
      required: ['type', 'title', 'status', 'code', 'detail'],
      additionalProperties: false,
    },
  }

  /** The schema, or a reference to it where it has an `$id`; the same for those inside of it. */
  refer(schema: unknown): object {
    if (Array.isArray(schema)) return schema.map((each) => this.#within(each))
    const { $id, ...rest } = schema as { $id?: string }
    const resolved = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, this.#within(value)]))
    if (!$id) return resolved
    this.schemas[$id] ??= resolved
    return { $ref: `#/components/schemas/${$id}` }
  }

  /** A reference to the answer that is a problem of this status, with one of the codes. */
  refusal(status: number, failures: Failure[], description: string): object {
    const codes = [...new Set(failures.map(({ code }) => code))].sort()
    const name = [status, ...codes].join('.')
    const properties = { status: { const: status }, code: { enum: codes } }
    const schema = { allOf: [{ $ref: '#/components/schemas/Problem' }], properties }
    this.responses[name] ??= { description, content: { 'application/problem+json': { schema } } }
    return { $ref: `#/components/responses/${name}` }
  }

  #within(value: unknown): any {
    return typeof value === 'object' && value !== null ? this.refer(value) : value
  }
}
