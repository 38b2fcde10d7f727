import type { Failure } from './operation.js'

/** The schemas that have a name, each written once and referred to elsewhere. */
export class Components {
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

  /** A problem of this status, with one of the codes. */
  problem(status: number, failures: Failure[]): object {
    const codes = [...new Set(failures.map(({ code }) => code))].sort()
    return {
      allOf: [{ $ref: '#/components/schemas/Problem' }],
      properties: { status: { const: status }, code: { enum: codes } },
    }
  }

  #within(value: unknown): any {
    return typeof value === 'object' && value !== null ? this.refer(value) : value
  }
}
